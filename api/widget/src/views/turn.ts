/** A question and its answer, from the first progress message to the complete reply. */

import { AnswerText } from "../answer-text";
import { factCard, factTable } from "../facts/view";
import { escapes, h, hasFocus, set } from "../dom";
import type { Problem } from "../problem";
import type { Listener } from "../session";
import type { Head, Reply } from "../wire";
import { card, coverage, nearest, sourceLine, sources } from "./cited";
import type { Scene } from "./view-context";
import { suggestions } from "./suggestions";
import { tools } from "./tools";
import { trouble } from "./error";

const PAPER = "zh-CN";

export class TurnView implements Listener {
  readonly element: HTMLElement;
  #progress = h("p", { class: "progress" });
  #answer = h("div", { class: "answer" });
  #text: AnswerText | null = null;
  #id = "";

  constructor(
    question: string,
    private readonly scene: Scene,
    private readonly retry: () => void,
  ) {
    const { texts } = scene;
    this.element = h(
      "article",
      { class: "turn" },
      h("div", { class: "question" }, h("span", { class: "hidden" }, `${texts.you}：`), question),
      this.#answer,
    );
  }

  /** A turn of an earlier conversation. */
  static of(question: string, reply: Reply, scene: Scene): TurnView {
    const view = new TurnView(question, scene, () => undefined);
    view.#show(reply);
    return view;
  }

  asking(): void {
    this.#text = null;
    this.#showProgress(this.scene.texts.searching);
    const held = hasFocus(this.#answer);
    this.#answer.replaceChildren(this.#progress);
    set(this.#answer, { "aria-busy": "true" });
    if (!held) return;
    set(this.element, { tabindex: "-1" });
    this.element.focus({ preventScroll: true });
  }

  head(head: Head): void {
    const { texts } = this.scene;
    this.#id = head.id;
    this.#text = new AnswerText(head.citations, (n, paragraph) => this.#mark(head, n, paragraph), PAPER, head.highlights);
    set(this.#text.element, { lang: head.language });
    const outcome = texts.outcomes[head.outcome];
    this.#answer.replaceChildren(
      h("span", { class: "hidden" }, `${texts.answer}：`),
      ...(outcome ? [h("p", { class: `outcome ${head.outcome}` }, outcome)] : []),
      ...(head.rewritten && !["refused", "chitchat"].includes(head.outcome) ? [h("p", { class: "rewritten" }, texts.understoodAs(head.rewritten))] : []),
      ...(head.card ? [factCard(head.card, this.scene)] : []),
      ...(head.table ? [factTable(head.table, this.scene)] : []),
      this.#text.element,
      this.#progress,
    );
    this.#showProgress("");
  }

  text(words: string): void {
    this.#text?.write(words);
  }

  done(reply: Reply): void {
    // The streamed text stays, with its marks and the focus, unless the reply differs.
    if (!this.#text || this.#id !== reply.id || !this.#text.shows(reply.text)) this.#begin(reply);
    this.#finish(reply);
    this.scene.announce(this.#spoken(reply));
  }

  waiting(seconds: number): void {
    this.#showProgress(this.scene.texts.waiting(seconds));
  }

  stopped(): void {
    this.#end(h("p", { class: "trouble" }, this.scene.texts.stopped, this.#retryButton()));
    this.scene.announce(this.scene.texts.stopped);
  }

  failed(problem: Problem): void {
    this.#end(trouble(problem, this.scene, () => this.retry()));
  }

  #show(reply: Reply): void {
    this.#begin(reply);
    this.#finish(reply);
  }

  /** Everything visible at once: outcome, words, contact. */
  #spoken(reply: Reply): string {
    const { texts, handoff } = this.scene;
    const { outcome, text } = reply;
    return [`${texts.answer}：`, texts.outcomes[outcome], text, outcome === "refused" && handoff]
      .filter(Boolean)
      .join("\n");
  }

  #begin(reply: Reply): void {
    this.head(reply);
    this.text(reply.text);
  }

  #finish(reply: Reply): void {
    const { scene } = this;
    const { texts } = scene;
    this.#text?.finish();
    this.#progress.remove();
    set(this.#answer, { "aria-busy": null });
    this.#answer.append(
      ...(reply.citations.length > 0 ? [sources(reply.citations, scene)] : []),
      ...(reply.outcome === "refused" ? this.#instead(reply) : []),
      tools(reply, scene),
      ...(reply.suggestions.length > 0 ? [suggestions(texts.more, reply.suggestions, scene)] : []),
    );
  }

  /** The options of a visitor who got no answer. */
  #instead(reply: Reply): Node[] {
    const { scene } = this;
    const near = reply.refusal?.nearest ?? [];
    const covered = coverage(scene.covered, scene);
    return [
      ...(near.length > 0 ? [nearest(near, scene)] : []),
      ...(covered ? [covered] : []),
      h("p", { class: "handoff" }, scene.handoff),
    ];
  }

  #mark(head: Head, n: number, paragraph: HTMLElement): HTMLElement {
    const cited = head.citations[n - 1]!;
    let open: HTMLElement | null = null;
    const close = (): void => {
      open?.remove();
      open = null;
      set(button, { "aria-expanded": "false", "aria-controls": null });
    };
    const leave = (): void => {
      close();
      button.focus();
    };
    const toggle = (): void => {
      if (open) {
        close();
        return;
      }
      open = card(cited, n, this.scene, leave);
      open.addEventListener("keydown", (event) => {
        if (!escapes(event)) return;
        event.stopPropagation();
        leave();
      });
      paragraph.after(open);
      set(button, { "aria-expanded": "true", "aria-controls": open.id });
      open.scrollIntoView({ block: "nearest" });
    };
    const button = h(
      "button",
      { type: "button", class: "mark", "aria-expanded": "false", "aria-label": this.scene.texts.citation(n, sourceLine(cited)), click: toggle },
      String(n),
    );
    button.addEventListener("keydown", (event) => {
      if (!escapes(event) || !open) return;
      event.stopPropagation();
      close();
    });
    return button;
  }

  #showProgress(words: string): void {
    this.#progress.replaceChildren(h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), words);
  }

  /** The text so far stays; `last` says why it ends here. */
  #end(last: HTMLElement): void {
    this.#text?.finish();
    this.#progress.remove();
    set(this.#answer, { "aria-busy": null });
    this.#answer.append(last);
  }

  #retryButton(): HTMLElement {
    return h("button", { type: "button", class: "button", click: () => this.retry() }, this.scene.texts.retry);
  }
}
