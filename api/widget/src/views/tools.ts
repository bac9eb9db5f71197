/** Tools below an answer: copy, thumbs, and the form that a thumb down opens. */

import type { Feedback, Reason } from "../client";
import { asText, copied } from "../copying";
import { escapes, freshId, h, hasFocus, icon, iconButton, set } from "../dom";
import type { Reply } from "../wire";
import type { Scene } from "./view-context";

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
  let pressed: Feedback["thumb"] | null = null;
  /** The feedback stored on the service. */
  let arrived: Feedback["thumb"] | null = null;
  let sending: Promise<unknown> = Promise.resolve();
  let last = 0;
  const show = (thumb: Feedback["thumb"] | null): void => {
    pressed = thumb;
    set(up, { "aria-pressed": String(thumb === "up") });
    set(down, { "aria-pressed": String(thumb === "down") });
  };
  // One after the other: the service stores what arrives last. Returns whether it has arrived.
  const send = (feedback: Omit<Feedback, "answer">): Promise<boolean> => {
    const number = (last += 1);
    const sent = sending
      .then(() => scene.feedback({ answer: reply.id, ...feedback }))
      .then(
        () => {
          arrived = feedback.thumb;
          say(texts.thanks);
          return true;
        },
        () => {
          if (number === last) show(arrived);
          say(texts.notSent);
          return false;
        },
      );
    sending = sent;
    return sent;
  };
  const close = (): void => {
    form?.remove();
    form = null;
    set(down, { "aria-expanded": "false" });
  };
  const press = (thumb: Feedback["thumb"]): void => {
    if (pressed === thumb) return;
    show(thumb);
    void send({ thumb, reason: null, text: "" });
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
    const opened = reasons(scene, leave, async (reason, text) => {
      show("down");
      const sent = await send({ thumb: "down", reason, text });
      if (!sent || form !== opened) return;
      if (hasFocus(opened)) leave();
      else close();
    });
    form = opened;
    set(down, { "aria-expanded": "true" });
    down.closest(".tools")?.append(form);
    form.scrollIntoView({ block: "nearest" });
    form.querySelector("input")?.focus();
  });
  set(up, { "aria-pressed": "false" });
  set(down, { "aria-pressed": "false", "aria-expanded": "false" });
  return [up, down];
}

function reasons(scene: Scene, leave: () => void, submit: (reason: Reason | null, text: string) => Promise<void>): HTMLElement {
  const { texts } = scene;
  const name = freshId();
  let busy = false;
  const choices = Object.entries(texts.reasons).map(([reason, words]) =>
    h("label", { class: "choice" }, h("input", { type: "radio", name, value: reason }), h("span", {}, words)),
  );
  const more = h("textarea", { rows: "2", maxlength: "1000", "aria-label": texts.tellMore, placeholder: texts.tellMore });
  const form = h(
    "form",
    {
      class: "reasons",
      submit: async (event) => {
        event.preventDefault();
        if (busy) return;
        busy = true;
        const chosen = form.querySelector<HTMLInputElement>("input:checked");
        await submit((chosen?.value as Reason | undefined) ?? null, more.value.trim());
        busy = false;
      },
      keydown: (event) => {
        if (!escapes(event)) return;
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
