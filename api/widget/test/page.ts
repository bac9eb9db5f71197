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
