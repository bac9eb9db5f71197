/** The module that a page loads: defines the element, and creates one for a script tag. */

import { ATTRIBUTES, ZhengwenChat } from "./element";

const NAME = "zhengwen-chat";

/** The script tags that have a site and may be this module's: modules have no document.currentScript. */
function tags(): HTMLScriptElement[] {
  const scripts = [...document.querySelectorAll<HTMLScriptElement>("script[data-site]")];
  const own = scripts.filter((script) => script.src === import.meta.url);
  if (own.length > 0) return own;
  // After a redirect the module's address differs from the one in the page.
  return scripts.filter((script) => script.type === "module" && /\/widget\.js(\?|#|$)/.test(script.src));
}

let launched: Element | null = null;
let body: HTMLElement | null = null;
let seen = new WeakSet<Element>();

/** Creates the chat of a script tag: once for each tag, and for each body of the page. */
function launch(): void {
  if (!document.body || launched?.isConnected) return;
  if (body !== document.body) seen = new WeakSet();
  const found = tags();
  const script = found.find((one) => !seen.has(one));
  if (!script || found.some(({ src }) => src !== script.src)) return;
  for (const one of found) seen.add(one);
  const chat = document.createElement(NAME);
  for (const name of ATTRIBUTES) {
    const value = script.dataset[name];
    if (value !== undefined) chat.setAttribute(name, value);
  }
  // A page that replaces its content removes the chat, and the module does not run again for the same tag.
  if (!launched) new MutationObserver(launch).observe(document, { childList: true, subtree: true });
  launched = chat;
  body = document.body;
  body.append(chat);
}

/** The page is complete: warns about a tag that was not recognised. */
function settle(): void {
  launch();
  if (launched || document.querySelector(NAME) || !document.querySelector("script[data-site]")) return;
  console.warn("zhengwen: no script tag was recognised as this module's; put a <zhengwen-chat> element into the page");
}

// Loaded twice, under two addresses, the element is defined once.
if (!customElements.get(NAME)) {
  customElements.define(NAME, ZhengwenChat);
  // An `async` script may run before the page has a body.
  launch();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", settle);
  else settle();
}
