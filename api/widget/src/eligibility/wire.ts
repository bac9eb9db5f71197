/** Reads the reply of POST /v1/match (docs/api.md) defensively. */

import type { Status } from "../wire";
import { count, list, raw, status, text } from "../wire";

/** Words of a paper and the address of their place. */
export interface Quoted {
  text: string;
  permalink: string;
}

/** What has to be known of a condition. `aspect` is what of the profile would tell; empty where the paper leaves it open. */
export interface Open {
  text: string;
  aspect: string;
  quote: Quoted;
}

export interface Reason {
  why: string;
  quote: Quoted;
}

export interface Rule {
  kind: string;
  quote: Quoted;
}

/** A number of an expression, and where it stands if it is of a paper. */
export interface Term {
  words: string;
  quote: Quoted | null;
}

export interface Calculation {
  factors: Term[];
  cap: Term | null;
  /** In yuan. */
  result: number;
  is_limit: boolean;
}

/** A value in one piece, of words of the paper: 不超过, 500万元. */
export interface Value {
  /** What a sum is where nobody gets it: total, line, pool. */
  role: string;
  words: Quoted[];
}

export interface Match {
  /** Whether it gives money, and so what has to be told beside every sum. */
  paid: boolean;
  /** Sums, rates, time limits, cuts, targets. */
  values: Value[];
  form: Quoted | null;
  unstated: boolean;
  beneficiaries: Quoted[];
  conditions: Quoted[];
  departments: Quoted | null;
  quote: Quoted;
  title: string;
  doc_number: string;
  label: string;
  status: Status;
  questions: Open[];
  reasons: Reason[];
  /** The group it would be in if its paper, such as a draft, were in force; else empty. */
  otherwise: string;
  rules: Rule[];
  calculation: Calculation | null;
}

/** The groups of a reply, in the order in which they are shown. */
export type GroupName = "applies" | "to_confirm" | "does_not_apply";

export interface Matches {
  as_of: string;
  applies: Match[];
  to_confirm: Match[];
  /** Empty unless they were requested. */
  does_not_apply: Match[];
  /** How many there are of each, listed or not. */
  totals: Record<GroupName, number>;
  /** Answers in which no place or class was found, so that they decided nothing. */
  not_understood: string[];
}

/** The reply to a request; papers are told once, beside their facts. */
export function matchesOf(value: unknown): Matches {
  const from = raw(value);
  const papers = new Map(list(from.papers).map((paper) => [text(raw(paper).document_id), raw(paper)]));
  const group = (matches: unknown): Match[] => list(matches).map((match) => matchOf(raw(match), papers));
  const found = { applies: group(from.applies), to_confirm: group(from.to_confirm), does_not_apply: group(from.does_not_apply) };
  const total = (name: GroupName): number => count(raw(from.totals)[name], found[name].length);
  return {
    as_of: text(from.as_of),
    ...found,
    totals: { applies: total("applies"), to_confirm: total("to_confirm"), does_not_apply: total("does_not_apply") },
    not_understood: list(from.not_understood)
      .map((one) => text(raw(one).text))
      .filter(Boolean),
  };
}

type Raw = Record<string, unknown>;

// "/d/hunan/…?q=449-497-9c648efb#quote": offsets of the quote, and a digest of its words.
const OFFSETS = /([?&]q=)\d+-\d+(-[0-9a-f]+)?/;

function matchOf(from: Raw, papers: ReadonlyMap<string, Raw>): Match {
  const fact = raw(from.fact);
  const paper = papers.get(text(fact.document_id)) ?? {};
  const at = (span: unknown): Quoted => quoted(span, text(fact.permalink));
  const maybe = (span: unknown): Quoted | null => (span ? at(span) : null);
  return {
    paid: fact.amount_unstated === true || list(fact.amounts).length > 0 || Boolean(fact.rate),
    values: valuesOf(fact, at),
    form: maybe(fact.form),
    unstated: fact.amount_unstated === true,
    beneficiaries: list(fact.beneficiaries).map(at),
    conditions: list(fact.conditions).map(at),
    departments: maybe(raw(fact.departments).span),
    quote: at(fact.quote),
    title: text(paper.title),
    doc_number: text(paper.doc_number),
    label: text(fact.label),
    status: status(paper.status),
    questions: list(from.questions).map((one) => ({ text: text(raw(one).question), aspect: text(raw(one).aspect), quote: at(raw(one).quote) })),
    reasons: list(from.reasons).map((one) => ({ why: text(raw(one).why), quote: at(raw(one).quote) })),
    otherwise: text(from.otherwise),
    rules: list(paper.rules).map((one) => ({ kind: text(raw(one).kind), quote: at(raw(one).quote) })),
    calculation: from.calculation ? calculationOf(raw(from.calculation), at) : null,
  };
}

function valuesOf(fact: Raw, at: (span: unknown) => Quoted): Value[] {
  const value = (role: unknown, ...spans: unknown[]): Value => {
    const words = spans.flatMap((span) => (span ? [raw(span)] : [])).sort((one, other) => count(one.start, 0) - count(other.start, 0));
    return { role: text(role), words: words.map(at) };
  };
  const [rate, limit, cut, target] = [raw(fact.rate), raw(fact.limit), raw(fact.reduction), raw(fact.target)];
  const found = [
    ...list(fact.amounts).map((amount) => {
      const { role, per, bound_span, span } = raw(amount);
      return value(role, per, bound_span, span);
    }),
    value("", fact.amount_reference),
    value("", rate.base, rate.bound_span, rate.span),
    value("", limit.what, limit.bound_span, raw(limit.period).span),
    value("", cut.relative_to, cut.bound_span, cut.span),
    value("", target.deadline, target.indicator, target.bound_span, target.span),
  ];
  return found.filter(({ words }) => words.length > 0);
}

function calculationOf(from: Raw, at: (span: unknown) => Quoted): Calculation {
  const term = (value: unknown): Term => {
    const one = raw(value);
    return { words: text(one.text), quote: one.source === "paper" && one.start !== null ? at(one) : null };
  };
  return {
    factors: list(from.factors).map(term),
    cap: from.cap ? term(from.cap) : null,
    result: count(from.result, 0),
    is_limit: from.is_limit === true,
  };
}

/** Words with an address of their own, else with that of their place on the page of the fact. */
function quoted(value: unknown, page: string): Quoted {
  const { start, end, permalink, ...from } = raw(value);
  const own = Number.isInteger(start) && Number.isInteger(end) ? page.replace(OFFSETS, `$1${String(start)}-${String(end)}`) : page;
  return { text: text(from.text), permalink: text(permalink) || own };
}
