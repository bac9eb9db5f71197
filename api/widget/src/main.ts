/** The module a page loads: defines the element, and makes one where the script tag asks for it. */

import { ATTRIBUTES, ZhengwenChat } from "./element";

const NAME = "zhengwen-chat";

/** The script tag of this module, if it names a site: a module has no document.currentScript. */
function tag(): HTMLScriptElement | undefined {
  const scripts = document.querySelectorAll<HTMLScriptElement>("script[data-site]");
  return [...scripts].find((script) => script.src === import.meta.url);
}

function launch(script: HTMLScriptElement): void {
  const chat = document.createElement(NAME);
  for (const name of ATTRIBUTES) {
    const value = script.dataset[name];
    if (value !== undefined) chat.setAttribute(name, value);
  }
  document.body.append(chat);
}

// Loaded twice, under two addresses, there is still one element.
if (!customElements.get(NAME)) {
  customElements.define(NAME, ZhengwenChat);
  const script = tag();
  // An `async` script may be here before the page's body.
  if (script && document.body) launch(script);
  else if (script) document.addEventListener("DOMContentLoaded", () => launch(script));
}
