/** A window with the whole result to print. It is made in the browser: nothing of it is sent or stored. */

import { h } from "../dom";
import type { Context } from "./host";
import type { Answer } from "./profile";
import css from "./print.css";
import { group, resultHead } from "./results";
import type { Matches } from "./wire";

/** Opens the window and its print dialog. Returns false where the browser forbids the window. */
export function print(matches: Matches, answers: readonly Answer[], context: Context): boolean {
  const opened = window.open("", "_blank", "width=900,height=700");
  if (!opened) return false;
  const page = opened.document;
  page.documentElement.lang = context.texts.tag;
  page.title = context.words.title;
  page.body.replaceChildren(page.adoptNode(printed(matches, answers, context)));
  dressed(opened);
  opened.focus();
  // The window is laid out first.
  opened.setTimeout(() => opened.print(), 100);
  return true;
}

export function printed(matches: Matches, answers: readonly Answer[], context: Context): HTMLElement {
  const { words } = context;
  const sections: Context = { ...context, heading: "h2" };
  const told = answers
    .filter(({ words: [first] }) => first)
    .flatMap((answer) => [h("dt", {}, words.questions[answer.aspect]), h("dd", {}, answer.words.join("；"), ["revenue", "investment"].includes(answer.aspect) && ` ${words.unit}`)]);
  return h(
    "main",
    {},
    h("h1", {}, words.title),
    resultHead(matches, sections),
    told.length > 0 && h("section", {}, h("h2", {}, words.told), h("dl", { class: "answers" }, ...told)),
    group("applies", matches, sections, true),
    group("to_confirm", matches, sections, true),
    matches.does_not_apply.length > 0 && group("does_not_apply", matches, sections, true),
  );
}

/** In a way that a strict policy, which the window inherits, allows. */
function dressed(opened: Window): void {
  const { CSSStyleSheet: Sheet } = opened as Window & typeof globalThis;
  if ("adoptedStyleSheets" in opened.document && "replaceSync" in Sheet.prototype) {
    const sheet = new Sheet();
    sheet.replaceSync(css);
    opened.document.adoptedStyleSheets = [sheet];
    return;
  }
  const style = opened.document.createElement("style");
  style.textContent = css;
  opened.document.head.append(style);
}
