/** Where a question is written; sends it, or stops the answer under way. */

import { freshId, h, icon, set } from "../dom";
import type { Texts } from "../language";

export class Composer {
  readonly element: HTMLFormElement;
  /** Code points a question may have; told by the service. */
  longest = 2000;
  #field: HTMLTextAreaElement;
  #button = h("button", { type: "submit", class: "send" });
  #over = h("p", { class: "over", role: "alert" });
  #busy = false;

  constructor(
    private readonly texts: Texts,
    private readonly send: (question: string) => void,
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

  focus(): void {
    this.#field.focus();
  }

  /** Enter that ends an input method's composition is not meant for us. */
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
    this.#field.value = "";
    this.#changed();
    this.send(question);
  }

  #surplus(): number {
    return Array.from(this.#field.value.trim()).length - this.longest;
  }

  #changed(): void {
    const over = this.#surplus();
    const words = over > 0 ? this.texts.tooLong(over) : "";
    if (this.#over.textContent !== words) this.#over.textContent = words;
    set(this.#field, { "aria-invalid": over > 0 ? "true" : null });
    set(this.#button, { "aria-disabled": !this.#busy && (over > 0 || !this.#field.value.trim()) ? "true" : null });
    // The field grows with its text; the style sheet says how far.
    this.#field.style.height = "auto";
    this.#field.style.height = this.#field.value ? `${this.#field.scrollHeight + 2}px` : "";
  }
}
