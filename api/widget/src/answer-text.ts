/** Renders a reply while it is streamed: paragraphs, quotes, what was asked in bold, and a numbered mark after each quote. */

import { h } from "./dom";
import type { Citation, Highlight } from "./wire";

const CLOSERS = "”’」』\"）)";

type MarkMaker = (n: number, paragraph: HTMLElement) => HTMLElement;

interface Edge {
  at: number;
  opens: boolean;
  n: number;
}

/** Spans count code points, so the text is processed by code points. What is rendered is never changed. */
export class AnswerText {
  readonly element = h("div", { class: "text" });
  #edges: Edge[];
  #at = 0;
  #open = 0;
  #due: number[] = [];
  #written = "";
  #paragraph: HTMLElement | null = null;
  #quote: HTMLElement | null = null;
  #highlights: Highlight[];
  #inside = false;
  #strong: HTMLElement | null = null;

  /** `mark` creates the mark of the n-th citation (from 1) for a paragraph. */
  constructor(
    citations: readonly Citation[],
    private readonly mark: MarkMaker,
    private readonly lang: string,
    highlights: readonly Highlight[] = [],
  ) {
    this.#highlights = [...highlights];
    this.#edges = citations
      .flatMap(({ answer_span: span }, index): Edge[] =>
        span && span[0] >= 0 && span[0] < span[1]
          ? [
              { at: span[0], opens: true, n: index + 1 },
              { at: span[1], opens: false, n: index + 1 },
            ]
          : [],
      )
      .sort((one, other) => one.at - other.at || Number(one.opens) - Number(other.opens) || one.n - other.n);
  }

  /** Whether exactly this has been written. */
  shows(text: string): boolean {
    return this.#written === text;
  }

  write(words: string): void {
    this.#written += words;
    let plain = "";
    const flush = (): void => {
      if (plain) this.#here().append(plain);
      plain = "";
    };
    for (const character of words) {
      if (this.#edges[0]?.at === this.#at) {
        flush();
        this.#cross();
      }
      if (this.#turns()) {
        flush();
        this.#turn();
      }
      if (this.#due.length > 0 && !CLOSERS.includes(character)) {
        flush();
        this.#settle();
      }
      if (character === "\n") {
        flush();
        this.#end();
      } else {
        plain += character;
      }
      this.#at += 1;
    }
    flush();
  }

  /** The text is complete: add the marks that waited for a closing quotation mark. */
  finish(): void {
    if (this.#edges[0]?.at === this.#at) this.#cross();
    this.#settle();
  }

  #line(): HTMLElement {
    if (!this.#paragraph) {
      this.#paragraph = h("p");
      this.element.append(this.#paragraph);
      if (this.#open > 0) this.#begin();
    }
    return this.#paragraph;
  }

  /** The quote or the paragraph that goes on. */
  #parent(): HTMLElement {
    const line = this.#line();
    return this.#quote ?? line;
  }

  /** The node to which the next words are appended. */
  #here(): HTMLElement {
    const parent = this.#parent();
    if (!this.#inside) return parent;
    if (this.#strong?.parentNode !== parent) {
      this.#strong = h("strong");
      parent.append(this.#strong);
    }
    return this.#strong!;
  }

  /** Whether a highlight begins or ends before the next character. */
  #turns(): boolean {
    const next = this.#highlights[0];
    return next !== undefined && (this.#inside ? next.end : next.start) <= this.#at;
  }

  #turn(): void {
    while (this.#highlights.length > 0 && this.#highlights[0]!.end <= this.#at) this.#highlights.shift();
    this.#strong = null;
    this.#inside = this.#highlights.length > 0 && this.#highlights[0]!.start <= this.#at;
  }

  #begin(): void {
    this.#quote = h("q", { lang: this.lang });
    this.#line().append(this.#quote);
  }

  #end(): void {
    this.#settle();
    this.#paragraph = null;
    this.#quote = null;
  }

  #cross(): void {
    while (this.#edges[0]?.at === this.#at) {
      const { opens, n } = this.#edges.shift()!;
      this.#open += opens ? 1 : -1;
      if (!opens) this.#due.push(n);
    }
    this.#quote = null;
    if (this.#open > 0) this.#begin();
  }

  #settle(): void {
    for (const n of this.#due) {
      this.#parent().append(this.mark(n, this.#line()));
    }
    this.#due = [];
  }
}

/** A quote with the words at `highlights` in bold; offsets count code points. */
export function highlighted(quote: string, highlights: readonly Highlight[]): (Node | string)[] {
  const points = [...quote];
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const { start, end } of highlights) {
    if (start < at) continue;
    parts.push(points.slice(at, start).join(""), h("strong", {}, points.slice(start, end).join("")));
    at = end;
  }
  return [...parts, points.slice(at).join("")];
}
