/** The form and its result: asks, sends what was answered, and shows what applies. */

import { h, hasFocus, icon } from "../dom";
import { Problem } from "../problem";
import { trouble } from "../views/error";
import type { Context } from "./host";
import { Interview, MOST_QUESTIONS } from "./interview";
import { print } from "./printing";
import { questionForm } from "./question-form";
import { results } from "./results";
import type { Matches } from "./wire";
import { matchesOf } from "./wire";

export class Eligibility {
  readonly element: HTMLElement;
  #interview = new Interview();
  #matches: Matches | null = null;
  #place = h("div", { class: "apply-body" });
  #abort: AbortController | null = null;

  constructor(private readonly context: Context) {
    const { words, texts, heading } = context;
    this.element = h(
      "section",
      { class: "apply", "aria-label": words.title, tabindex: "-1" },
      h(
        "div",
        { class: "history-head" },
        h(heading, {}, words.title),
        h("button", { type: "button", class: "button", click: () => context.leave() }, icon("back"), texts.back),
      ),
      h("p", { class: "note" }, words.intro),
      this.#place,
    );
    this.#ask();
  }

  /** Focuses the question; on a phone the form, because the keyboard would hide it. */
  focus(): void {
    const field = this.#place.querySelector<HTMLElement>("textarea, input");
    if (field && !window.matchMedia("(pointer: coarse)").matches) field.focus();
    else this.element.focus({ preventScroll: true });
  }

  #ask(): void {
    const interview = this.#interview;
    const form = questionForm(interview, this.context, {
      answer: (words) => {
        interview.answer(words);
        void this.#send(false);
      },
      back: () => {
        this.#leaveRequest();
        interview.back();
        this.#ask();
      },
      results: this.#matches ? () => this.#showResults() : null,
    });
    this.#show(form);
    const { words } = this.context;
    this.context.announce([words.step(interview.number, MOST_QUESTIONS), words.questions[interview.question.aspect]].join("\n"));
  }

  /** `whole`: also what does not apply. */
  async #send(whole: boolean): Promise<void> {
    this.#leaveRequest();
    const { context } = this;
    const abort = new AbortController();
    this.#abort = abort;
    this.#show(h("p", { class: "progress", role: "status" }, context.words.matching));
    let matches: Matches;
    try {
      matches = matchesOf(await context.match({ ...this.#interview.profile, with_others: whole }, abort.signal));
    } catch (error) {
      if (!abort.signal.aborted) this.#show(trouble(problemOf(error), context, () => void this.#send(whole)));
      return;
    }
    if (abort.signal.aborted) return;
    this.#matches = matches;
    if (!whole && this.#interview.next(matches)) this.#ask();
    else this.#showResults();
  }

  #leaveRequest(): void {
    this.#abort?.abort();
    this.#abort = null;
  }

  #showResults(): void {
    const { context } = this;
    const matches = this.#matches;
    if (!matches) return;
    const interview = this.#interview;
    const found = results(matches, context, {
      goOn: interview.open ? () => this.#ask() : null,
      back: () => {
        if (!interview.open) interview.back();
        this.#ask();
      },
      again: () => {
        interview.clear();
        this.#matches = null;
        this.#ask();
      },
      whole: () => void this.#send(true),
      print: () => print(matches, interview.answers, context),
    });
    this.#show(found);
    const { groups, resultTitle, counted } = context.words;
    const { applies, to_confirm } = matches.totals;
    context.announce([resultTitle, counted(groups.applies, applies), counted(groups.to_confirm, to_confirm)].join("\n"));
  }

  #show(content: HTMLElement): void {
    const held = hasFocus(this.element);
    this.#place.replaceChildren(content);
    this.element.scrollTop = 0;
    if (held) this.focus();
  }
}

/** Also one of the chat's own file, whose class is another. */
function problemOf(error: unknown): Problem {
  const { kind, wait } = error as Partial<Problem>;
  return new Problem(kind ?? "internal-error", wait ?? 0);
}
