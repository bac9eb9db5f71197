/** Launcher and dialog: opening, closing, focus, and the full screen of small displays. */

import type { Chat } from "./chat";
import { again, escapes, freshId, h, hasFocus, icon, set } from "./dom";
import { fitAboveKeyboard } from "./keyboard";

// Below this the panel fills the screen: phones, and pages zoomed to 200 % or more.
const SMALL = "(max-width: 479.98px), (max-height: 479.98px)";

export class Panel {
  readonly launcher: HTMLButtonElement;
  readonly dialog: HTMLDialogElement;
  #small = window.matchMedia(SMALL);
  #release: (() => void) | null = null;

  constructor(
    private readonly chat: Chat,
    private readonly toggled: (open: boolean) => void,
  ) {
    const { texts } = chat;
    const id = freshId();
    this.launcher = h(
      "button",
      {
        type: "button",
        class: "launcher",
        lang: texts.tag,
        "aria-expanded": "false",
        "aria-haspopup": "dialog",
        "aria-label": texts.open,
        click: (event) => {
          if (!again(event)) toggled(!this.dialog.open);
        },
      },
      h("span", { class: "when-closed" }, icon("chat"), h("span", {}, texts.launcher)),
      h("span", { class: "when-open" }, icon("close")),
    );
    this.dialog = h(
      "dialog",
      {
        class: "panel",
        id,
        "aria-labelledby": chat.titleId,
        // Esc in full screen first closes a view that covers the conversation.
        cancel: (event) => {
          event.preventDefault();
          this.#escape();
        },
        keydown: (event) => {
          if (!escapes(event) || this.#small.matches) return;
          event.preventDefault();
          this.#escape();
        },
      },
      chat.element,
    );
    this.#small.addEventListener("change", this.#resized);
  }

  /** Opens and takes the focus, unless the page opened it. */
  open(focus: boolean): void {
    if (this.dialog.open) return;
    const before = document.activeElement;
    this.#show();
    this.chat.shown();
    set(this.launcher, { "aria-expanded": "true", "aria-label": this.chat.texts.close });
    if (focus) this.chat.focus();
    else if (!this.#small.matches) this.#giveBack(before);
  }

  /** Closes and returns the focus if it was inside. */
  close(): void {
    if (!this.dialog.open) return;
    const inside = hasFocus(this.dialog);
    this.#hide();
    set(this.launcher, { "aria-expanded": "false", "aria-label": this.chat.texts.open });
    if (inside) this.launcher.focus();
  }

  /** Moved within the page: the browser has closed a dialog in full screen. */
  moved(): void {
    if (this.#small.matches) this.#resized();
    this.chat.shown();
  }

  dispose(): void {
    this.#small.removeEventListener("change", this.#resized);
    this.#hide();
  }

  /** A dialog takes the focus by itself; this returns it to the page. */
  #giveBack(before: Element | null): void {
    const { activeElement } = this.dialog.getRootNode() as ShadowRoot;
    if (activeElement instanceof HTMLElement) activeElement.blur();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }

  #escape(): void {
    if (!this.chat.back()) this.toggled(false);
  }

  #show(): void {
    this.dialog.classList.toggle("full", this.#small.matches);
    if (this.#small.matches) {
      this.dialog.showModal();
      this.#release = fitAboveKeyboard(this.dialog);
    } else {
      this.dialog.show();
    }
  }

  #hide(): void {
    this.#release?.();
    this.#release = null;
    this.dialog.close();
  }

  /** Rotated or zoomed while open: changes between window and full screen and keeps the focus. */
  #resized = (): void => {
    if (!this.dialog.open) return;
    const focused = (this.dialog.getRootNode() as ShadowRoot).activeElement;
    this.#hide();
    this.#show();
    if (focused instanceof HTMLElement) focused.focus();
  };
}
