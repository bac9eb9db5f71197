/** One fact of the result: every line with its words in the paper, and what has to be told with the sum. */

import type { Child } from "../dom";
import { h } from "../dom";
import { link, permalink, plainLink } from "../links";
import { badge, titled } from "../views/cited";
import type { Context } from "./host";
import type { Calculation, GroupName, Match, Quoted, Rule, Term } from "./wire";

const PAPER = "zh-CN";
const TEN_THOUSAND = 10_000;

// Rules that are told beside every sum; the others of a paper can be unfolded.
const OF_SUMS = ["total_cap", "no_stack", "stack"];

/** `open`: everything is unfolded, to be printed. */
export function matchView(match: Match, context: Context, open: boolean): HTMLElement {
  const { words } = context;
  const { questions, reasons, calculation, otherwise } = match;
  const beside = match.rules.filter(({ kind }) => match.paid && OF_SUMS.includes(kind));
  const folded = match.rules.filter(({ kind }) => !OF_SUMS.includes(kind));
  const ruled = (rules: readonly Rule[]): HTMLElement[] =>
    rules.flatMap(({ kind, quote }) => line(words.rules[kind] ?? words.rule, [linked(quote, context)], "rule"));
  const values = match.values.map((value) => [value.role in words.roles && `${words.roles[value.role]!} `, ...value.words.map((one) => linked(one, context))]);
  const head = [...joined(values), ...(match.form ? [" ", h("span", { class: "form" }, linked(match.form, context))] : [])];
  return h(
    "li",
    { class: "match", tabindex: "-1" },
    (head.length > 0 || match.unstated) && h("p", { class: "sum" }, match.unstated && h("span", { class: "unstated" }, words.noSum), ...head),
    calculation && computed(calculation, context),
    h("blockquote", { lang: PAPER }, match.quote.text),
    h(
      "dl",
      {},
      ...line(words.forWhom, joined(match.beneficiaries.map((one) => [linked(one, context)]))),
      ...line(words.condition, joined(match.conditions.map((one) => [linked(one, context)]))),
      ...line(words.inCharge, match.departments ? [linked(match.departments, context)] : []),
      ...line(words.otherwise, otherwise in words.groups ? [words.groups[otherwise as GroupName]] : []),
      ...questions.flatMap(({ text, quote }) => line(words.toConfirm, [text, " ", proof(quote, context)], "open")),
      ...reasons.flatMap(({ why, quote }) => line(words.reason, [words.whys[why] ?? why, words.colon, linked(quote, context)], "open")),
      ...ruled(beside),
    ),
    folded.length > 0 && h("details", { open }, h("summary", {}, h("span", {}, words.ofPaper)), h("dl", {}, ...ruled(folded))),
    sourced(match, context),
  );
}

function line(name: string, words: Child[], kind = ""): HTMLElement[] {
  return words.length > 0 ? [h("div", { class: kind }, h("dt", {}, name), h("dd", {}, ...words))] : [];
}

function joined(values: readonly Child[][]): Child[] {
  return values.flatMap((value, index) => [...(index > 0 ? ["；"] : []), ...value]);
}

function linked(quote: Quoted, { server, texts }: Context): HTMLElement {
  return plainLink(permalink(server, quote.permalink), quote.text, texts, PAPER);
}

/** A link to words that are in the line already. */
function proof(quote: Quoted, { server, texts }: Context): HTMLElement | string {
  const address = permalink(server, quote.permalink);
  return address ? plainLink(address, texts.quoteOf, texts) : "";
}

/** 20% × 6000万元，上限 1500万元 = 1200 万元 */
function computed({ factors, cap, result, is_limit }: Calculation, context: Context): HTMLElement {
  const { words } = context;
  const parts = factors.flatMap((term, index) => [...(index > 0 ? [" × "] : []), numbered(term, context)]);
  return h(
    "p",
    { class: "computed" },
    words.computed,
    ...parts,
    ...(cap ? [words.capped, numbered(cap, context)] : []),
    ` = ${is_limit ? words.atMost : ""}`,
    h("strong", {}, sumOf(result, context)),
    words.stop,
    words.authority,
  );
}

function numbered({ words, quote }: Term, context: Context): HTMLElement | string {
  return quote ? linked({ ...quote, text: words }, context) : words;
}

function sumOf(yuan: number, { words }: Context): string {
  return yuan >= TEN_THOUSAND ? `${yuan / TEN_THOUSAND} ${words.unit}` : words.yuan(yuan);
}

function sourced(match: Match, context: Context): HTMLElement {
  const number = match.doc_number && `（${match.doc_number}）`;
  return h(
    "p",
    { class: "source" },
    link(permalink(context.server, match.quote.permalink), titled(match.title) + number + match.label, context.texts, PAPER),
    match.status !== "in_force" && badge(match.status, context),
  );
}
