/** A page to put elements in, and records of the service to show there. */

import { Window } from "happy-dom";
import { arrivalOf, replyOf } from "../src/wire";
import type { Scene } from "../src/views/view-context";
import { zh } from "../src/texts/zh";

const page = new Window({ url: "https://portal.example.gov.cn/" });

/** The names that the widget takes from a browser. `crypto`, `fetch` and streams are Node's own. */
for (const name of ["window", "document", "navigator", "HTMLElement", "Node", "localStorage", "sessionStorage"]) {
  Object.defineProperty(globalThis, name, { value: (page as unknown as Record<string, unknown>)[name], configurable: true });
}

export const QUOTE = "给予不超过500万元一次性奖补。";

export function citation(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    document_id: "hunan",
    title: "若干意见",
    doc_number: "湘政办发〔2026〕15号",
    status: "in_force",
    region: "湖南省",
    path: ["一、", "（四）"],
    label: "（四）",
    heading: "支持创新产品产业化落地",
    quote: QUOTE,
    start: 0,
    end: QUOTE.length,
    page: null,
    url: "",
    permalink: "/d/hunan/%E4%B8%80?q=1-2#quote",
    answer_span: [3, 3 + QUOTE.length],
    ...change,
  };
}

export function rawReply(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: "answer-1",
    outcome: "answered",
    text: `答：“${QUOTE}”`,
    language: "zh",
    confidence: 0.9,
    citations: [citation()],
    card: null,
    table: null,
    hits: [],
    refusal: null,
    warnings: [],
    rewritten: "",
    suggestions: ["湖北呢？"],
    timings_ms: {},
    ...change,
  };
}

export const reply = (change: Record<string, unknown> = {}) => replyOf(rawReply(change));

/** A cell of a fact: the words of the paper in [brackets], what stands between them outside. */
export function rawCell(column: string, marked: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  const parts: Record<string, unknown>[] = [];
  let text = "";
  for (const [index, words] of marked.split(/[[\]]/).entries()) {
    const at = [[...text].length, [...text].length + [...words].length];
    if (index % 2 === 1) parts.push({ start: 0, end: 1, quote: words, at, permalink: `/d/hunan/%E4%B8%80?q=${parts.length}-9#quote` });
    text += words;
  }
  return { column, text, stated: true, parts, ...change };
}

export function rawTable(change: Record<string, unknown> = {}): Record<string, unknown> {
  const cells = [rawCell("beneficiary", "[首次获批的创新药]；[改良型新药]"), rawCell("amount", "[不超过][500万元]"), rawCell("departments", "[省药监局]")];
  const names = [["beneficiary", "对象"], ["amount", "金额"], ["departments", "责任部门"], ["validity", "有效期"]];
  return {
    columns: names.map(([name, label]) => ({ name, label })),
    rows: [
      { id: "hunan#a.money.1", kind: "money", cited: citation(), cells },
      { id: "hunan#b.money.1", kind: "money", cited: citation({ status: "draft" }), cells: [rawCell("amount", "未写明金额；[按规定]", { stated: false })] },
    ],
    without: [],
    more: 0,
    ...change,
  };
}

export function rawArrival(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    token: "token-1",
    expires_in: 3600,
    visitor: "secret-1",
    site: { name: "", title: "", welcome: "", handoff: "" },
    suggestions: [],
    covered: [{ document_id: "hunan", title: "若干意见", doc_number: "", region: "湖南省", status: "draft" }],
    keeps_conversations: true,
    max_question_chars: 2000,
    ...change,
  };
}

export function scene(change: Partial<Scene> = {}): Scene {
  return {
    texts: zh,
    server: "https://answers.example.gov.cn",
    covered: arrivalOf(rawArrival()).covered,
    handoff: zh.handoff,
    heading: "h3",
    ask: () => undefined,
    apply: null,
    feedback: async () => undefined,
    announce: () => undefined,
    ...change,
  };
}

/** A small generator of pseudo-random numbers in [0, 1), the same at every run. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
