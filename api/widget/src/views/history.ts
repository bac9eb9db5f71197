/** Earlier conversations on this device: to open, to delete. */

import type { Conversation } from "../device";
import { h, icon, iconButton } from "../dom";
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
    for (const conversation of conversations) complete = (await shelved.remove(conversation)) && complete;
    draw();
    place.focus();
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
    iconButton("bin", texts.removeOf(title), remove),
  );
}

/** Deletes at the second press only. */
function sureButton(texts: Texts, remove: () => void): HTMLElement {
  let sure = false;
  const button = h("button", { type: "button", class: "button danger" }, texts.removeAll);
  button.addEventListener("click", () => {
    if (sure) remove();
    sure = true;
    button.textContent = texts.removeAllSure;
  });
  return button;
}
