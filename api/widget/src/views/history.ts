/** Earlier conversations on this device: to open, to delete. */

import type { Conversation } from "../device";
import { again, h, icon, iconButton } from "../dom";
import type { Texts } from "../language";

export interface HistoryActions {
  heading: "h2" | "h3";
  lasting: boolean;
  list(): Conversation[];
  open(conversation: Conversation): void;
  /** Deletes it here and on the service. Returns whether both succeeded. */
  remove(conversation: Conversation): Promise<boolean>;
  back(): void;
  announce(words: string): void;
}

export function history(actions: HistoryActions, texts: Texts): HTMLElement {
  const place = h("section", { class: "history", "aria-label": texts.history, tabindex: "-1" });
  const said = h("p", { class: "said" });
  const say = (words: string): void => {
    said.textContent = words;
    actions.announce(words);
  };
  const removeAll = async (conversations: readonly Conversation[]): Promise<void> => {
    let complete = true;
    place.focus();
    for (const button of place.querySelectorAll<HTMLButtonElement>("li .icon-button, .danger")) button.disabled = true;
    for (const conversation of conversations) complete = (await actions.remove(conversation)) && complete;
    draw();
    say(complete ? texts.removed : texts.notRemoved);
  };
  const draw = (): void => {
    const conversations = actions.list();
    const rows = conversations.map((conversation) => row(conversation, actions, texts, () => void removeAll([conversation])));
    place.replaceChildren(
      h("div", { class: "history-head" }, h(actions.heading, {}, texts.history), h("button", { type: "button", class: "button", click: actions.back }, icon("back"), texts.back)),
      h("p", { class: "note" }, actions.lasting ? texts.historyNote : texts.historyNotKept),
      said,
      rows.length > 0 ? h("ul", { role: "list" }, ...rows) : h("p", {}, texts.noHistory),
      ...(rows.length > 0 ? [h("div", {}, sureButton(texts, () => void removeAll(conversations)))] : []),
    );
  };
  draw();
  return place;
}

function row(conversation: Conversation, actions: HistoryActions, texts: Texts, remove: () => void): HTMLElement {
  const title = conversation.turns[0]?.question ?? texts.unanswered;
  const when = new Date(conversation.updated).toLocaleString(texts.tag, { dateStyle: "medium", timeStyle: "short" });
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "earlier", click: () => actions.open(conversation) },
      h("span", { class: "earlier-title" }, title),
      h("span", { class: "earlier-when" }, when),
    ),
    iconButton("bin", texts.removeOf(title), (event) => {
      // The next row has moved up under the second click.
      if (!again(event)) remove();
    }),
  );
}

const DOUBLE_MS = 700; // a second press within this time is a double click by accident
const SURE_MS = 5000; // a second press after this time counts as a first one

/** Deletes only at the second press. */
function sureButton(texts: Texts, remove: () => void): HTMLElement {
  let asked = -Infinity;
  const button = h("button", { type: "button", class: "button danger" }, texts.removeAll);
  button.addEventListener("click", (event) => {
    const since = performance.now() - asked;
    if (again(event) || since < DOUBLE_MS) return;
    if (since < SURE_MS) {
      remove();
      return;
    }
    asked = performance.now();
    button.textContent = texts.removeAllSure;
    setTimeout(() => {
      if (!button.disabled) button.textContent = texts.removeAll;
    }, SURE_MS);
  });
  return button;
}
