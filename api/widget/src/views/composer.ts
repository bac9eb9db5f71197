/** The input field; sends a question, or stops the answer in progress. */

import { again, freshId, h, icon, set } from "../dom";
import type { Texts } from "../language";

const DOUBLE_MS = 500; // a second press within this time belongs to the first

export class Composer {
  readonly element: HTMLFormElement;
  /** Most code points of a question, from the service. */
  longest = 2000;
  #field: HTMLTextAreaElement;
  #button = h("button", {
    type: "submit",
    class: "send",
    click: (event) => {
      if (again(event)) event.preventDefault();
    },
  });
  #over = h("p", { class: "over", role: "alert" });
  #busy = false;
  #pressed = -Infinity;

  constructor(
    private readonly texts: Texts,
    /** Returns whether the question is accepted; otherwise it stays in the field. */
    private readonly send: (question: string) => boolean,
    private readonly stop: () => void,
  ) {
    const hint = freshId();
    this.#field = h("textarea", {
      rows: "1",
      "aria-label": texts.input,
      "aria-describedby": hint,
      placeholder: texts.placeholder,
      enterkeyhint: "send",
      input: () => this.#changed(),
      keydown: (event) => this.#key(event as KeyboardEvent),
    });
    this.element = h(
      "form",
      {
        class: "composer",
        submit: (event) => {
          event.preventDefault();
          // The button turns from "send" into "stop" under the finger.
          if (performance.now() - this.#pressed < DOUBLE_MS) return;
          if (!this.#busy) this.#pressed = performance.now();
          this.#submit();
        },
      },
      this.#over,
      h("div", { class: "field" }, this.#field, this.#button),
      h("p", { class: "hint" }, texts.hint, h("span", { class: "hidden", id: hint }, texts.keys)),
    );
    this.busy = false;
    this.#changed();
  }

  set busy(busy: boolean) {
    const { texts } = this;
    this.#busy = busy;
    this.#button.replaceChildren(icon(busy ? "stop" : "send"));
    set(this.#button, { "aria-label": busy ? texts.stop : texts.send, title: busy ? texts.stop : texts.send });
    this.#changed();
  }

  /** The text that is not sent yet. */
  get draft(): string {
    return this.#field.value;
  }

  set draft(draft: string) {
    this.#field.value = draft;
    this.#changed();
  }

  /** Whether a question is longer than the service accepts; shows by how much. */
  refuses(question: string): boolean {
    const over = Array.from(question).length - this.longest;
    if (over > 0) this.#complain(this.texts.tooLong(over));
    return over > 0;
  }

  focus(): void {
    this.#field.focus();
  }

  /** Ignores Enter that ends an input method's composition. */
  #key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (!this.#busy) this.#submit();
  }

  #submit(): void {
    if (this.#busy) {
      this.stop();
      return;
    }
    const question = this.#field.value.trim();
    if (!question || this.#surplus() > 0) return;
    if (this.send(question)) this.draft = "";
  }

  #complain(words: string): void {
    if (this.#over.textContent !== words) this.#over.textContent = words;
  }

  #surplus(): number {
    return Array.from(this.#field.value.trim()).length - this.longest;
  }

  #changed(): void {
    const over = this.#surplus();
    this.#complain(over > 0 ? this.texts.tooLong(over) : "");
    set(this.#field, { "aria-invalid": over > 0 ? "true" : null });
    set(this.#button, { "aria-disabled": !this.#busy && (over > 0 || !this.#field.value.trim()) ? "true" : null });
    // The field grows with its text, up to a height in the style sheet.
    this.#field.style.height = "auto";
    this.#field.style.height = this.#field.value ? `${this.#field.scrollHeight + 2}px` : "";
  }
}
