/** Chooses the question that decides most, and keeps the answers: at most six questions in all. */

import type { Answer, Aspect, Profile } from "./profile";
import { ASKED_BY, profileOf } from "./profile";
import type { Match, Matches, Open, Quoted } from "./wire";

export const MOST_QUESTIONS = 6;
const MOST_CONDITIONS = 6; // that one question lists
const TICKED = 0.5; // share of the listed conditions that a visitor ticks: the others stay open

export interface Question {
  aspect: Aspect;
  /** Conditions of papers that the answer decides, the most frequent first. */
  quotes: Quoted[];
  /** Number of facts that the answer settles or brings nearer. */
  facts: number;
}

const FIRST: Question = { aspect: "sentence", quotes: [], facts: 0 };

export class Interview {
  #answers: Answer[] = [];
  #questions: Question[] = [FIRST];

  /** The question in progress. */
  get question(): Question {
    return this.#questions[this.#answers.length]!;
  }

  /** Its number, from 1. */
  get number(): number {
    return this.#answers.length + 1;
  }

  get answers(): readonly Answer[] {
    return this.#answers;
  }

  get profile(): Profile {
    return profileOf(this.#answers);
  }

  /** What was answered before to the question in progress, when the visitor has come back to it. */
  get earlier(): string[] {
    return this.#earlier;
  }

  #earlier: string[] = [];

  /** Answers the question in progress; no words skip it. */
  answer(words: string[]): void {
    this.#answers.push({ aspect: this.question.aspect, words: words.filter(Boolean) });
    this.#earlier = [];
  }

  /** Takes the next question from the reply. Returns whether there is one. */
  next(matches: Matches): boolean {
    this.#questions.length = this.#answers.length;
    if (this.#answers.length >= MOST_QUESTIONS) return false;
    const found = nextQuestion(matches.to_confirm, this.#answers, this.#questions);
    if (found) this.#questions.push(found);
    return found !== null;
  }

  /** Whether a question is open. */
  get open(): boolean {
    return this.#questions.length > this.#answers.length;
  }

  /** Returns to the question before. */
  back(): void {
    const last = this.#answers.pop();
    this.#questions.length = this.#answers.length + 1;
    this.#earlier = last?.words ?? [];
  }

  /** Forgets everything. */
  clear(): void {
    this.#answers = [];
    this.#questions = [FIRST];
    this.#earlier = [];
  }
}

/** The question whose answer settles most facts, else the one that most facts mention; null when none helps. */
export function nextQuestion(open: readonly Match[], answers: readonly Answer[], asked: readonly Question[]): Question | null {
  const listed = new Set(asked.flatMap(({ aspect, quotes }) => (aspect === "history" ? quotes.map(({ text }) => text) : [])));
  const done = new Set<Aspect>(answers.map(({ aspect }) => aspect).filter((aspect) => aspect !== "history"));
  const conditions = open.map(({ questions }) => questions.filter(({ aspect }) => aspect in ASKED_BY));
  const aspects = new Set(conditions.flat().map(aspectOf));
  let best: Question | null = null;
  let most: readonly [number, number] = [0, 0];
  for (const aspect of aspects) {
    if (done.has(aspect)) continue;
    const quotes = mentioned(conditions, aspect).filter(({ text }) => !listed.has(text));
    const shown = aspect === "history" ? quotes.slice(0, MOST_CONDITIONS) : quotes;
    const words = new Set(shown.map(({ text }) => text));
    const decides = (one: Open): boolean => aspectOf(one) === aspect && words.has(one.quote.text);
    const settled = conditions.filter((all) => all.length > 0 && all.every(decides)).length * (aspect === "history" ? TICKED : 1);
    const concerned = conditions.filter((all) => all.some(decides)).length;
    if (concerned === 0 || settled < most[0] || (settled === most[0] && concerned <= most[1])) continue;
    most = [settled, concerned];
    best = { aspect, quotes: shown.slice(0, MOST_CONDITIONS), facts: concerned };
  }
  return best;
}

const aspectOf = ({ aspect }: Open): Aspect => ASKED_BY[aspect]!;

/** The conditions that depend on the aspect, each once, the most frequent first. */
function mentioned(conditions: readonly Open[][], aspect: Aspect): Quoted[] {
  const counts = new Map<string, { quote: Quoted; times: number }>();
  for (const one of conditions.flat()) {
    if (aspectOf(one) !== aspect) continue;
    const found = counts.get(one.quote.text);
    if (found) found.times += 1;
    else counts.set(one.quote.text, { quote: one.quote, times: 1 });
  }
  return [...counts.values()].sort((one, other) => other.times - one.times).map(({ quote }) => quote);
}
