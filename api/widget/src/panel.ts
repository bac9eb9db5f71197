/** Launcher and dialog: opening, closing, where the focus goes, and the full screen of small displays. */

import type { Chat } from "./chat";
import { again, escapes, freshId, h, holdsFocus, icon, set } from "./dom";
import { fitAboveKeyboard } from "./keyboard";

// Below this the panel fills the screen: telephones, and pages zoomed to 200 % or more.
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
        // Esc in full screen; what lies over the conversation goes first.
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

  /** Open, and take the focus unless the page opened it by itself. */
  open(focus: boolean): void {
    if (this.dialog.open) return;
    const before = document.activeElement;
    this.#show();
    this.chat.shown();
    set(this.launcher, { "aria-expanded": "true", "aria-label": this.chat.texts.close });
    if (focus) this.chat.focus();
    else if (!this.#small.matches) this.#giveBack(before);
  }

  /** Close, and give the focus back if it was inside. */
  close(): void {
    if (!this.dialog.open) return;
    const inside = holdsFocus(this.dialog);
    this.#hide();
    set(this.launcher, { "aria-expanded": "false", "aria-label": this.chat.texts.open });
    if (inside) this.launcher.focus();
  }

  /** Taken out of the page and put in elsewhere: the browser has closed what filled the screen. */
  moved(): void {
    if (this.#small.matches) this.#resized();
    this.chat.shown();
  }

  dispose(): void {
    this.#small.removeEventListener("change", this.#resized);
    this.#hide();
  }

  /** A dialog takes the focus by itself; the page keeps what it had. */
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

  /** Turned or zoomed while open: from window to full screen or back, with the focus kept. */
  #resized = (): void => {
    if (!this.dialog.open) return;
    const focused = (this.dialog.getRootNode() as ShadowRoot).activeElement;
    this.#hide();
    this.#show();
    if (focused instanceof HTMLElement) focused.focus();
  };
}
