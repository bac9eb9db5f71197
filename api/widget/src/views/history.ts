/** Earlier conversations on this device: to open, to delete. */

import type { Conversation } from "../device";
import { again, h, icon, iconButton } from "../dom";
import type { Texts } from "../language";

export interface Shelved {
  heading: "h2" | "h3";
  lasting: boolean;
  list(): Conversation[];
  open(conversation: Conversation): void;
  /** Whether it is forgotten here and on the service. */
  remove(conversation: Conversation): Promise<boolean>;
  back(): void;
  announce(words: string): void;
}

export function history(shelved: Shelved, texts: Texts): HTMLElement {
  const place = h("section", { class: "history", "aria-label": texts.history, tabindex: "-1" });
  const said = h("p", { class: "said" });
  const say = (words: string): void => {
    said.textContent = words;
    shelved.announce(words);
  };
  const removeAll = async (conversations: readonly Conversation[]): Promise<void> => {
    let complete = true;
    place.focus();
    for (const button of place.querySelectorAll<HTMLButtonElement>("li .icon-button, .danger")) button.disabled = true;
    for (const conversation of conversations) complete = (await shelved.remove(conversation)) && complete;
    draw();
    say(complete ? texts.removed : texts.notRemoved);
  };
  const draw = (): void => {
    const conversations = shelved.list();
    const rows = conversations.map((conversation) => row(conversation, shelved, texts, () => void removeAll([conversation])));
    place.replaceChildren(
      h("div", { class: "history-head" }, h(shelved.heading, {}, texts.history), h("button", { type: "button", class: "button", click: shelved.back }, icon("back"), texts.back)),
      h("p", { class: "note" }, shelved.lasting ? texts.historyNote : texts.historyNotKept),
      said,
      rows.length > 0 ? h("ul", { role: "list" }, ...rows) : h("p", {}, texts.noHistory),
      ...(rows.length > 0 ? [h("div", {}, sureButton(texts, () => void removeAll(conversations)))] : []),
    );
  };
  draw();
  return place;
}

function row(conversation: Conversation, shelved: Shelved, texts: Texts, remove: () => void): HTMLElement {
  const title = conversation.turns[0]?.question ?? texts.unanswered;
  const when = new Date(conversation.updated).toLocaleString(texts.tag, { dateStyle: "medium", timeStyle: "short" });
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "earlier", click: () => shelved.open(conversation) },
      h("span", { class: "earlier-title" }, title),
      h("span", { class: "earlier-when" }, when),
    ),
    iconButton("bin", texts.removeOf(title), (event) => {
      // The next row has moved up under the second click.
      if (!again(event)) remove();
    }),
  );
}

const DOUBLE_MS = 700; // a second press so soon is one of the hand, not of the mind
const SURE_MS = 5000; // a second press so late is a first one

/** Deletes at the second press only. */
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
