/** Reads the reply of POST /v1/match (docs/api.md) defensively. */

import type { Status } from "../wire";
import { list, raw, status, text } from "../wire";

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
  /** Yuan, as a decimal number. */
  result: string;
  is_limit: boolean;
}

export interface Match {
  id: string;
  kind: string;
  /** Values in one piece, each of words of the paper: 不超过, 500万元. */
  sums: Quoted[][];
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
  rules: Rule[];
  calculation: Calculation | null;
}

export interface Matches {
  as_of: string;
  applies: Match[];
  to_confirm: Match[];
  /** Empty unless they were requested. */
  does_not_apply: Match[];
  /** How many there are, requested or not. */
  not: number;
}

/** The reply to a request; papers are told once, beside their facts. */
export function matchesOf(value: unknown): Matches {
  const from = raw(value);
  const papers = new Map(list(from.papers).map((paper) => [text(raw(paper).document_id), raw(paper)]));
  const group = (matches: unknown): Match[] => list(matches).map((match) => matchOf(raw(match), papers));
  const counts = raw(from.counts);
  return {
    as_of: text(from.as_of),
    applies: group(from.applies),
    to_confirm: group(from.to_confirm),
    does_not_apply: group(from.does_not_apply),
    not: typeof counts.does_not_apply === "number" ? counts.does_not_apply : -1,
  };
}

type Raw = Record<string, unknown>;

function matchOf(from: Raw, papers: ReadonlyMap<string, Raw>): Match {
  const fact = raw(from.fact);
  const paper = papers.get(text(fact.document_id)) ?? {};
  const at = (span: unknown): Quoted => quoted(span, text(fact.permalink));
  const maybe = (span: unknown): Quoted[] => (span ? [at(span)] : []);
  const sum = (value: unknown): Quoted[] => {
    const { per, base, bound_span, span } = raw(value);
    return [per, base, bound_span, span].flatMap((one) => (one ? [raw(one)] : [])).sort(byPlace).map(at);
  };
  const paid = list(fact.amounts).filter((amount) => !["pool", "total"].includes(text(raw(amount).role)));
  return {
    id: text(fact.id),
    kind: text(fact.kind),
    sums: [...paid, ...(fact.rate ? [fact.rate] : [])].map(sum).concat(fact.amount_unstated ? [maybe(fact.amount_reference)] : []),
    unstated: fact.amount_unstated === true,
    beneficiaries: list(fact.beneficiaries).map(at),
    conditions: list(fact.conditions).map(at),
    departments: maybe(raw(fact.departments).span)[0] ?? null,
    quote: at(fact.quote),
    title: text(paper.title),
    doc_number: text(paper.doc_number),
    label: text(fact.label),
    status: status(paper.status),
    questions: list(from.questions).map((one) => ({ text: text(raw(one).text), aspect: text(raw(one).aspect), quote: at(raw(one).quote) })),
    reasons: list(from.reasons).map((one) => ({ why: text(raw(one).why), quote: at(raw(one).quote) })),
    rules: list(from.rules).map((one) => ({ kind: text(raw(one).kind), quote: at(raw(one).quote) })),
    calculation: from.calculation ? calculationOf(raw(from.calculation), at) : null,
  };
}

function calculationOf(from: Raw, at: (span: unknown) => Quoted): Calculation {
  const term = (value: unknown): Term => {
    const { words, quote } = raw(value);
    return { words: text(words), quote: quote ? at(quote) : null };
  };
  const result = from.result;
  return {
    factors: list(from.factors).map(term),
    cap: from.cap ? term(from.cap) : null,
    result: typeof result === "number" ? String(result) : text(result),
    is_limit: from.is_limit === true,
  };
}

const byPlace = (one: Raw, other: Raw): number => Number(one.start) - Number(other.start);

/** Words with an address of their own, else with that of their place on the page of the fact. */
function quoted(value: unknown, page: string): Quoted {
  const { start, end, permalink, ...from } = raw(value);
  const own = Number.isInteger(start) && Number.isInteger(end) ? page.replace(/([?&]q=)\d+-\d+/, `$1${String(start)}-${String(end)}`) : page;
  return { text: text(from.text), permalink: text(permalink) || own };
}
