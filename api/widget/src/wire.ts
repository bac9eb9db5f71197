/** Reads what is on the wire (docs/api.md) defensively: a stored or foreign record may lack fields. */

import type { FactTable } from "./facts/wire";
import { tableOf } from "./facts/wire";

export type Outcome = "answered" | "partial" | "corrected" | "refused" | "chitchat";
export type Status = "in_force" | "draft" | "repealed" | "expired" | "superseded" | "not_yet_in_force";

/** Words that state what was asked, in code points: `start` to before `end`. */
export interface Highlight {
  start: number;
  end: number;
}

export interface Cited {
  document_id: string;
  title: string;
  doc_number: string;
  status: Status;
  region: string;
  label: string;
  heading: string;
  quote: string;
  /** Of the quote. */
  highlights: Highlight[];
  url: string;
  permalink: string;
}

export interface Citation extends Cited {
  /** Code points of the reply's text; null when the quote is only listed. */
  answer_span: [number, number] | null;
}

/** The reply without its words: the event `citations`. */
export interface Head {
  id: string;
  outcome: Outcome;
  language: string;
  rewritten: string;
  warnings: string[];
  /** Of the reply's text. */
  highlights: Highlight[];
  citations: Citation[];
  refusal: { reason: string; nearest: Cited[] } | null;
  /** What the quoted clauses pay, for a question about money. */
  card: FactTable | null;
  /** For a question that asks for several provisions. */
  table: FactTable | null;
}

export interface Reply extends Head {
  text: string;
  suggestions: string[];
}

export interface Covered {
  document_id: string;
  title: string;
  doc_number: string;
  region: string;
  status: Status;
}

/** The reply of POST /v1/visitors. */
export interface Arrival {
  token: string;
  expires_in: number;
  visitor: string;
  site: { name: string; title: string; welcome: string; handoff: string };
  suggestions: string[];
  covered: Covered[];
  keeps_conversations: boolean;
  max_question_chars: number;
}

type Raw = Record<string, unknown>;

const OUTCOMES: readonly string[] = ["answered", "partial", "corrected", "refused", "chitchat"];
const STATUSES: readonly string[] = ["in_force", "draft", "repealed", "expired", "superseded", "not_yet_in_force"];

export const raw = (value: unknown): Raw => (typeof value === "object" && value !== null ? (value as Raw) : {});
export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const count = (value: unknown, otherwise: number): number =>
  typeof value === "number" && Number.isFinite(value) ? value : otherwise;
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const texts = (value: unknown): string[] => list(value).filter((item) => typeof item === "string");
export const status = (value: unknown): Status => (STATUSES.includes(text(value)) ? (value as Status) : "in_force");

function highlights(value: unknown): Highlight[] {
  return list(value)
    .map((item) => ({ start: count(raw(item).start, -1), end: count(raw(item).end, -1) }))
    .filter(({ start, end }) => 0 <= start && start < end)
    .sort((one, other) => one.start - other.start);
}

export function cited(value: unknown): Cited {
  const from = raw(value);
  return {
    document_id: text(from.document_id),
    title: text(from.title),
    doc_number: text(from.doc_number),
    status: status(from.status),
    region: text(from.region),
    label: text(from.label),
    heading: text(from.heading),
    quote: text(from.quote),
    highlights: highlights(from.highlights),
    url: text(from.url),
    permalink: text(from.permalink),
  };
}

function citation(value: unknown): Citation {
  const [start, end] = list(raw(value).answer_span);
  const marked = Number.isInteger(start) && Number.isInteger(end);
  return { ...cited(value), answer_span: marked ? [start as number, end as number] : null };
}

export function headOf(value: unknown): Head {
  const from = raw(value);
  const refusal = from.refusal ? raw(from.refusal) : null;
  return {
    id: text(from.id),
    outcome: OUTCOMES.includes(text(from.outcome)) ? (from.outcome as Outcome) : "answered",
    language: text(from.language) || "zh",
    rewritten: text(from.rewritten),
    warnings: texts(from.warnings),
    highlights: highlights(from.highlights),
    citations: list(from.citations).map(citation),
    refusal: refusal && { reason: text(refusal.reason), nearest: list(refusal.nearest).map(cited) },
    card: tableOf(from.card),
    table: tableOf(from.table),
  };
}

export function replyOf(value: unknown): Reply {
  const from = raw(value);
  return { ...headOf(value), text: text(from.text), suggestions: texts(from.suggestions) };
}

export function textOf(value: unknown): string {
  return text(raw(value).text);
}

export function idOf(value: unknown): string {
  return text(raw(value).id);
}

export function arrivalOf(value: unknown): Arrival {
  const from = raw(value);
  const site = raw(from.site);
  return {
    token: text(from.token),
    expires_in: count(from.expires_in, 3600),
    visitor: text(from.visitor),
    site: { name: text(site.name), title: text(site.title), welcome: text(site.welcome), handoff: text(site.handoff) },
    suggestions: texts(from.suggestions),
    covered: list(from.covered).map((value) => {
      const { document_id, title, doc_number, region, status } = cited(value);
      return { document_id, title, doc_number, region, status };
    }),
    keeps_conversations: from.keeps_conversations === true,
    max_question_chars: count(from.max_question_chars, 2000),
  };
}
