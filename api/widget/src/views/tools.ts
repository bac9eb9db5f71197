/** Below an answer: copy, thumbs, and the form that a thumb down opens. */

import type { Feedback, Reason } from "../client";
import { asText, copied } from "../copying";
import { freshId, h, icon, iconButton, set } from "../dom";
import type { Reply } from "../wire";
import type { Scene } from "./scene";

export function tools(reply: Reply, scene: Scene): HTMLElement {
  const { texts } = scene;
  const said = h("span", { class: "said" });
  const say = (words: string): void => {
    said.textContent = words;
    scene.announce(words);
  };
  const copy = h(
    "button",
    {
      type: "button",
      class: "tool",
      "aria-label": texts.copyLong,
      click: async () => say((await copied(asText(reply, scene.server, texts), place)) ? texts.copied : texts.notCopied),
    },
    icon("copy"),
    texts.copy,
  );
  const place = h("div", { class: "tools" }, h("div", { class: "tool-row" }, copy, ...thumbs(reply, scene, say), said));
  return place;
}

function thumbs(reply: Reply, scene: Scene, say: (words: string) => void): HTMLElement[] {
  const { texts } = scene;
  if (!reply.id) return [];
  let form: HTMLElement | null = null;
  let sending = Promise.resolve();
  // One after the other: the service keeps what arrives last.
  const send = (feedback: Omit<Feedback, "answer">): void => {
    sending = sending
      .then(() => scene.feedback({ answer: reply.id, ...feedback }))
      .then(
        () => say(texts.thanks),
        () => say(texts.notSent),
      );
  };
  const close = (): void => {
    form?.remove();
    form = null;
    set(down, { "aria-expanded": "false" });
  };
  const press = (thumb: "up" | "down"): void => {
    set(up, { "aria-pressed": String(thumb === "up") });
    set(down, { "aria-pressed": String(thumb === "down") });
    send({ thumb, reason: null, text: "" });
  };
  const up = iconButton("up", texts.helpful, () => {
    close();
    press("up");
  });
  const down = iconButton("down", texts.unhelpful, () => {
    if (form) {
      close();
      return;
    }
    press("down");
    const leave = (): void => {
      close();
      down.focus();
    };
    form = reasons(scene, leave, (reason, text) => {
      leave();
      send({ thumb: "down", reason, text });
    });
    set(down, { "aria-expanded": "true" });
    down.closest(".tools")?.append(form);
    form.scrollIntoView({ block: "nearest" });
    form.querySelector("input")?.focus();
  });
  set(up, { "aria-pressed": "false" });
  set(down, { "aria-pressed": "false", "aria-expanded": "false" });
  return [up, down];
}

function reasons(scene: Scene, leave: () => void, submit: (reason: Reason | null, text: string) => void): HTMLElement {
  const { texts } = scene;
  const name = freshId();
  const choices = Object.entries(texts.reasons).map(([reason, words]) =>
    h("label", { class: "choice" }, h("input", { type: "radio", name, value: reason }), h("span", {}, words)),
  );
  const more = h("textarea", { rows: "2", maxlength: "1000", "aria-label": texts.tellMore, placeholder: texts.tellMore });
  const form = h(
    "form",
    {
      class: "reasons",
      submit: (event) => {
        event.preventDefault();
        const chosen = form.querySelector<HTMLInputElement>("input:checked");
        submit((chosen?.value as Reason | undefined) ?? null, more.value.trim());
      },
      keydown: (event) => {
        if ((event as KeyboardEvent).key !== "Escape") return;
        event.stopPropagation();
        leave();
      },
    },
    h("fieldset", {}, h("legend", {}, texts.whatIsWrong), h("div", { class: "choices" }, ...choices)),
    more,
    h(
      "div",
      { class: "form-row" },
      h("button", { type: "submit", class: "button primary" }, texts.submit),
      h("button", { type: "button", class: "button", click: leave }, texts.cancel),
    ),
  );
  return form;
}
