/** Shows the form “能申请什么” over the conversation. What was answered stays while the page does. */

import type { Cover } from "./cover";
import { h } from "./dom";
import { eligibilityFile } from "./eligibility-file";
import type { Host } from "./eligibility/host";
import { unreached } from "./problem";
import { dress } from "./style-sheet";
import { trouble } from "./views/error";
import type { Scene } from "./views/view-context";

export class EligibilityForm {
  #form: { element: HTMLElement; focus(): void } | null = null;

  /** `opener` is the button that tells whether the form is open. */
  constructor(
    private readonly cover: Cover,
    private readonly opener: HTMLElement,
    private readonly scene: Scene,
    private readonly ways: Pick<Host, "match" | "leave">,
  ) {}

  /** Whether it covers the conversation. */
  get shown(): boolean {
    return this.cover.open(this.opener);
  }

  focus(): void {
    this.#form?.focus();
  }

  async toggle(): Promise<void> {
    if (this.shown) this.ways.leave();
    else await this.show();
  }

  /** `focus`: whether it takes the focus. */
  async show(focus = true): Promise<void> {
    if (!this.#form && !(await this.#load(focus))) return;
    if (!this.#form) return;
    this.cover.show(this.#form.element, this.opener);
    if (focus) this.focus();
  }

  /** Returns whether the form is there and still wanted. */
  async #load(focus: boolean): Promise<boolean> {
    const { texts, server, heading } = this.scene;
    const announce = (words: string): void => this.scene.announce(words);
    const wait = h("p", { class: "loading", role: "status", tabindex: "-1" }, texts.loading);
    this.cover.show(wait, this.opener);
    if (focus) wait.focus();
    try {
      const { eligibility, style } = await eligibilityFile();
      dress(this.opener.getRootNode() as ShadowRoot, style);
      this.#form ??= eligibility({ texts, server, heading, announce, ...this.ways });
      return wait.isConnected;
    } catch {
      const retry = (): void => void this.show();
      wait.replaceChildren(trouble(unreached(), this.scene, retry));
      return false;
    }
  }
}
