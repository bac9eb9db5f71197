/** The result: what applies, what has to be confirmed, and on request what does not apply. */

import { h } from "../dom";
import type { Context } from "./host";
import { matchView } from "./match-view";
import type { GroupName, Matches } from "./wire";

const PAGE = 20; // of a group, that are shown at once

export interface Actions {
  /** Asks the next question; null where none is left. */
  goOn: (() => void) | null;
  back(): void;
  again(): void;
  /** Requests what does not apply too. */
  whole(): void;
  /** Returns whether the window could be opened. */
  print(): boolean;
}

export function results(matches: Matches, context: Context, actions: Actions): HTMLElement {
  const { words } = context;
  const way = (label: string, click: () => void): HTMLElement => h("button", { type: "button", class: "button", click }, label);
  const said = h("p", { class: "said", role: "status" });
  const print = (): void => {
    said.textContent = actions.print() ? "" : words.noWindow;
  };
  return h(
    "div",
    { class: "results" },
    resultHead(matches, context),
    h(
      "div",
      { class: "form-row" },
      actions.goOn && h("button", { type: "button", class: "button primary", click: actions.goOn }, words.goOn),
      way(words.print, print),
      way(words.previous, actions.back),
      way(words.again, actions.again),
    ),
    said,
    group("applies", matches, context),
    group("to_confirm", matches, context),
    matches.does_not_apply.length > 0
      ? group("does_not_apply", matches, context)
      : h("div", {}, matches.totals.does_not_apply > 0 && way(words.showNot, actions.whole)),
  );
}

export function resultHead({ as_of, not_understood }: Matches, { words, heading }: Context): HTMLElement {
  return h(
    "div",
    { class: "result-head" },
    h(heading, {}, words.resultTitle),
    h("p", {}, as_of && words.asOf(as_of), h("strong", {}, words.authority)),
    not_understood.length > 0 && h("p", { class: "note", role: "status" }, words.unread(not_understood)),
  );
}

/** A group: the first of it and a button for more, unless all are to be shown. */
export function group(name: GroupName, { [name]: matches, totals }: Matches, context: Context, all = false): HTMLElement {
  const { words, heading, texts } = context;
  const list = h("ol", { role: "list" });
  const more = h("button", { type: "button", class: "button" });
  const unlisted = totals[name] - matches.length;
  const place = h(
    "section",
    { class: `group ${name}` },
    h(heading, {}, words.counted(words.groups[name], totals[name])),
    matches.length > 0 ? list : h("p", {}, words.none),
    more,
    unlisted > 0 && h("p", { class: "note" }, texts.moreFacts(unlisted)),
  );
  const show = (): void => {
    const from = list.children.length;
    const shown = matches.slice(from, all ? undefined : from + PAGE).map((match) => matchView(match, context, all));
    list.append(...shown);
    const left = matches.length - list.children.length;
    more.textContent = words.showMore(left);
    if (left === 0) more.remove();
    if (from > 0) shown[0]?.focus();
  };
  more.addEventListener("click", show);
  show();
  return place;
}
