/** Adds style sheets in a way that a strict Content-Security-Policy allows. */

import own from "./style.css";

const sheets = new Map<string, CSSStyleSheet>();

/** Adds a sheet to those of the root, once. */
export function dress(root: ShadowRoot, css = own): void {
  if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
    const sheet = sheets.get(css) ?? new CSSStyleSheet();
    if (!sheets.has(css)) sheet.replaceSync(css);
    sheets.set(css, sheet);
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return;
  }
  // Safari before 16.4; under a strict policy it shows the chat unstyled.
  if ([...root.querySelectorAll("style")].some((style) => style.textContent === css)) return;
  const style = document.createElement("style");
  style.textContent = css;
  root.append(style);
}
