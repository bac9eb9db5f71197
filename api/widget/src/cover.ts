/** Views that cover the conversation, one at a time: earlier conversations, the form. */

import { set } from "./dom";

export class Cover {
  #view: HTMLElement | null = null;
  #opener: HTMLElement | null = null;

  constructor(private readonly main: HTMLElement) {}

  /** Whether a view covers the conversation; with an argument, whether this button opened it. */
  open(opener?: HTMLElement): boolean {
    return this.#view !== null && (opener === undefined || opener === this.#opener);
  }

  /** Shows a view in place of the conversation; `opener` is the button that tells whether it is open. */
  show(view: HTMLElement, opener: HTMLElement): void {
    this.close();
    this.#view = view;
    this.#opener = opener;
    set(opener, { "aria-expanded": "true" });
    this.main.hidden = true;
    this.main.after(view);
  }

  /** Shows the conversation again; returns the button that had opened the view. */
  close(): HTMLElement | null {
    const opener = this.#opener;
    this.#view?.remove();
    this.#view = null;
    this.#opener = null;
    this.main.hidden = false;
    if (opener) set(opener, { "aria-expanded": "false" });
    return opener;
  }
}
