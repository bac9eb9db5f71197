/** The module a page loads: defines the element, and makes one where the script tag asks for it. */

import { ATTRIBUTES, ZhengwenChat } from "./element";

const NAME = "zhengwen-chat";

/** The script tags that name a site and may be this module's: it has no document.currentScript. */
function tags(): HTMLScriptElement[] {
  const scripts = [...document.querySelectorAll<HTMLScriptElement>("script[data-site]")];
  const own = scripts.filter((script) => script.src === import.meta.url);
  if (own.length > 0) return own;
  // Behind a redirection the module's address is not the one the page has written.
  return scripts.filter((script) => script.type === "module" && /\/widget\.js(\?|#|$)/.test(script.src));
}

let launched: Element | null = null;
let body: HTMLElement | null = null;
let seen = new WeakSet<Element>();

/** Make the chat that a script tag asks for: once for each tag, and for each body that a page gets. */
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
  // A page that swaps its content takes the chat away, and the module does not run again when its tag comes again.
  if (!launched) new MutationObserver(launch).observe(document, { childList: true, subtree: true });
  launched = chat;
  body = document.body;
  body.append(chat);
}

/** The page is complete: a tag that is not recognised is a mistake to be told. */
function settle(): void {
  launch();
  if (launched || document.querySelector(NAME) || !document.querySelector("script[data-site]")) return;
  console.warn("zhengwen: which script tag is the chat's is not clear; put a <zhengwen-chat> element into the page");
}

// Loaded twice, under two addresses, there is still one element.
if (!customElements.get(NAME)) {
  customElements.define(NAME, ZhengwenChat);
  // An `async` script may be here before the page's body.
  launch();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", settle);
  else settle();
}
