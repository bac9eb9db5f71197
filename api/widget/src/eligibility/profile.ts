/** What a visitor tells of an enterprise: only in the memory of the page, and in the body of requests. */

/** What of an enterprise a question asks. `more`: other figures, in everyday words. */
export type Aspect = "sentence" | "place" | "type" | "industry" | "product" | "stage" | "size" | "revenue" | "investment" | "history" | "more";

/** The aspects of a reply that a question can be asked about. */
export const ASKED_BY: Readonly<Record<string, Aspect>> = {
  place: "place",
  type: "type",
  industry: "industry",
  product: "product",
  stage: "stage",
  size: "size",
  revenue: "revenue",
  investment: "investment",
  history: "history",
  figures: "more",
};

/** Words of an answer; several where several conditions are met. Empty when skipped. */
export interface Answer {
  aspect: Aspect;
  words: string[];
}

/** The body of POST /v1/match without its options. What is not known is left out. */
export interface Profile {
  sentence?: string;
  place?: string;
  type?: string;
  industry?: string;
  product?: string;
  stage?: string;
  size?: string;
  revenue?: number;
  investment?: number;
  events?: { what: string }[];
}

const LONGEST_NAME = 200; // characters of one event that the service accepts
const YUAN = 10_000; // of 万元, in which sums are asked

/** The profile that the answers make up. */
export function profileOf(answers: readonly Answer[]): Profile {
  const profile: Profile = {};
  const sentences: string[] = [];
  for (const { aspect, words } of answers) {
    const [first = ""] = words;
    if (!first) continue;
    if (aspect === "sentence" || aspect === "more") sentences.push(first);
    else if (aspect === "history") profile.events = [...(profile.events ?? []), ...words.map((what) => ({ what: [...what].slice(0, LONGEST_NAME).join("") }))];
    else if (aspect === "revenue" || aspect === "investment") profile[aspect] = yuan(first);
    else profile[aspect] = first;
  }
  if (sentences.length > 0) profile.sentence = sentences.join("。");
  return profile;
}

/** A number of 万元 as people type it; NaN for anything else. */
export function tenThousands(typed: string): number {
  const plain = typed.normalize("NFKC").replace(/[,\s]/g, "").replace(/万元?$/, "");
  return /^\d{1,9}(\.\d{1,4})?$/.test(plain) ? Number(plain) : NaN;
}

function yuan(typed: string): number {
  return Math.round(tenThousands(typed) * YUAN);
}
