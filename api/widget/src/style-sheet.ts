/** Adds the style sheet in a way that a strict Content-Security-Policy allows. */

import css from "./style.css";

let sheet: CSSStyleSheet | null = null;

export function dress(root: ShadowRoot): void {
  if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    root.adoptedStyleSheets = [sheet];
    return;
  }
  // Safari before 16.4; under a strict policy it shows the chat unstyled.
  const style = document.createElement("style");
  style.textContent = css;
  root.append(style);
}
