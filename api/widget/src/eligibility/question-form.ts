/** One question: its field or choices, the conditions that it decides, and the ways on. */

import { freshId, h, set } from "../dom";
import { permalink, plainLink } from "../links";
import type { Context } from "./host";
import type { Interview, Question } from "./interview";
import { MOST_QUESTIONS } from "./interview";
import type { Aspect } from "./profile";
import { tenThousands } from "./profile";
import type { Quoted } from "./wire";

const PAPER = "zh-CN";
// Characters that the service accepts: 2000 of both descriptions together, 200 of a name.
const LONGEST: Partial<Record<Aspect, string>> = { sentence: "1500", more: "400" };
const LONGEST_NAME = "200";

export interface Ways {
  /** No words: skipped. */
  answer(words: string[]): void;
  back(): void;
  /** Shows the result so far; null where there is none. */
  results: (() => void) | null;
}

interface Field {
  elements: HTMLElement[];
  /** The answer; null where it cannot be read, which the field then says. */
  read(): string[] | null;
}

export function questionForm(interview: Interview, context: Context, ways: Ways): HTMLElement {
  const { words } = context;
  const { question, number } = interview;
  const field = fieldOf(question, interview.earlier, context);
  const way = (label: string, click: () => void): HTMLElement => h("button", { type: "button", class: "button", click }, label);
  return h(
    "form",
    {
      class: "ask",
      // The browser's own checks speak its language, not that of the widget.
      novalidate: true,
      submit: (event) => {
        event.preventDefault();
        const answer = field.read();
        if (answer) ways.answer(answer);
      },
    },
    h("p", { class: "step" }, words.step(number, MOST_QUESTIONS), question.facts > 0 && ` · ${words.decides(question.facts)}`),
    ...field.elements,
    question.aspect !== "history" && question.quotes.length > 0 && conditions(question.quotes, context),
    h(
      "div",
      { class: "form-row" },
      h("button", { type: "submit", class: "button primary" }, number === MOST_QUESTIONS ? words.results : words.next),
      way(words.skip, () => ways.answer([])),
      number > 1 && way(words.previous, ways.back),
      ways.results && number < MOST_QUESTIONS && way(words.results, ways.results),
    ),
  );
}

function fieldOf(question: Question, earlier: string[], context: Context): Field {
  const { words } = context;
  const { aspect } = question;
  if (aspect === "history") return checks(question, earlier, context);
  if (aspect === "type") return choices(aspect, words.types, earlier, context);
  if (aspect === "size") return choices(aspect, words.sizes, earlier, context);
  if (aspect === "revenue" || aspect === "investment") return sum(aspect, earlier, context);
  return written(aspect, earlier, context);
}

function written(aspect: Aspect, [before = ""]: string[], { words }: Context): Field {
  const id = freshId();
  const hint = freshId();
  const long = aspect === "sentence" || aspect === "more";
  const common = { id, maxlength: LONGEST[aspect] ?? LONGEST_NAME, autocomplete: "off", "aria-describedby": hint };
  const field = long ? h("textarea", { ...common, rows: "4" }) : h("input", { ...common, type: "text" });
  field.value = before;
  return {
    elements: [h("label", { for: id, class: "asked" }, words.questions[aspect]), field, h("p", { class: "note", id: hint }, words.examples[aspect] ?? "")],
    read: () => [field.value.trim()],
  };
}

function sum(aspect: Aspect, [before = ""]: string[], { words }: Context): Field {
  const id = freshId();
  const fault = h("p", { class: "over", role: "alert", id: freshId() });
  const field = h("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", "aria-describedby": fault.id });
  field.value = before;
  return {
    elements: [h("label", { for: id, class: "asked" }, words.questions[aspect]), h("div", { class: "with-unit" }, field, h("span", { lang: PAPER }, words.unit)), fault],
    read: () => {
      const typed = field.value.trim();
      const wrong = typed !== "" && Number.isNaN(tenThousands(typed));
      fault.textContent = wrong ? words.noNumber : "";
      set(field, { "aria-invalid": wrong ? "true" : null });
      if (wrong) field.focus();
      return wrong ? null : [typed];
    },
  };
}

function choices(aspect: Aspect, given: readonly (readonly [string, string])[], [before = ""]: string[], { words }: Context): Field {
  const name = freshId();
  const radios = given.map(([label, value]) => {
    const radio = h("input", { type: "radio", name, value });
    radio.checked = value === before;
    return h("label", { class: "choice" }, radio, h("span", {}, label));
  });
  const other = words.examples[aspect];
  const field = other ? h("input", { type: "text", maxlength: LONGEST_NAME, autocomplete: "off", "aria-label": other, placeholder: other }) : null;
  if (field && !given.some(([, value]) => value === before)) field.value = before;
  const fieldset = h("fieldset", {}, h("legend", { class: "asked" }, words.questions[aspect]), h("div", { class: "choices" }, ...radios), field ?? "");
  return {
    elements: [fieldset],
    read: () => [field?.value.trim() || (fieldset.querySelector<HTMLInputElement>("input:checked")?.value ?? "")],
  };
}

/** Conditions in the words of papers: those that are ticked are told, of the others nothing is said. */
function checks({ aspect, quotes }: Question, earlier: string[], context: Context): Field {
  const rows = quotes.map((quote) => {
    const box = h("input", { type: "checkbox", value: quote.text });
    box.checked = earlier.includes(quote.text);
    return h("li", {}, h("label", {}, box, h("span", { lang: PAPER }, quote.text)), source(quote, context));
  });
  const fieldset = h("fieldset", {}, h("legend", { class: "asked" }, context.words.questions[aspect]), h("ul", { role: "list", class: "checks" }, ...rows));
  return {
    elements: [fieldset],
    read: () => [...fieldset.querySelectorAll<HTMLInputElement>("input:checked")].map(({ value }) => value),
  };
}

function conditions(quotes: readonly Quoted[], context: Context): HTMLElement {
  const items = quotes.map((quote) => h("li", {}, plainLink(permalink(context.server, quote.permalink), quote.text, context.texts, PAPER)));
  return h("details", { class: "told" }, h("summary", {}, h("span", {}, context.words.inPapers)), h("ul", { role: "list" }, ...items));
}

function source(quote: Quoted, { server, texts }: Context): HTMLElement | null {
  const address = permalink(server, quote.permalink);
  return address ? plainLink(address, texts.quoteOf, texts) : null;
}
