/** The service's client: requests, and tokens that are fetched, kept in memory and renewed. */

import { alone, halt, unless } from "./waiting";
import { Problem, kindOf, problemFrom, unreached } from "./problem";
import { EventReader } from "./sse";
import type { Arrival, Head, Reply } from "./wire";
import { arrivalOf, headOf, idOf, replyOf, textOf } from "./wire";

export interface Ask {
  question: string;
  history: { role: "user" | "assistant"; content: string }[];
  conversation: string | null;
}

export type AskEvent = { head: Head } | { text: string } | { reply: Reply };

export type Reason = "wrong" | "incomplete" | "outdated" | "unclear" | "other";

export interface Feedback {
  answer: string;
  thumb: "up" | "down";
  reason: Reason | null;
  text: string;
}

/** Stores the visitor's secret between pages, where that is allowed. */
export interface SecretKeeper {
  secret: string;
  /** Whether other pages share the secret. */
  readonly lasting?: boolean;
}

const EARLY_S = 30; // a token this close to its end is renewed before use
const HEADERS_MS = 25_000; // after this time without a response the service counts as unreachable
const SILENCE_MS = 50_000; // three missed pings: the connection is dead
const RENEWABLE = ["token-missing", "token-expired", "token-invalid"];

export class Client {
  #arrival: Promise<Arrival> | null = null;
  #fresh_until = 0;

  /** `server` is the address of the service without a trailing slash. */
  constructor(
    readonly server: string,
    private readonly site: string,
    private readonly keeper: SecretKeeper,
  ) {}

  /** The service's response to a visitor; requested once and when the token expires. */
  arrival(): Promise<Arrival> {
    if (!this.#arrival || Date.now() >= this.#fresh_until) {
      this.#fresh_until = Infinity;
      const coming = this.#arrive();
      this.#arrival = coming;
      coming.catch(() => {
        if (this.#arrival === coming) this.#arrival = null;
      });
    }
    return this.#arrival;
  }

  /** Chats that start at once, on any pages, become one visitor: the first gets the secret, the others use it. */
  #arrive(): Promise<Arrival> {
    const arrive = (): Promise<Arrival> => this.#arriveAs(this.keeper.secret);
    if (this.keeper.secret || !this.keeper.lasting) return arrive();
    return alone(`zhengwen:${this.server}:${this.site}:visitor`, arrive);
  }

  async #arriveAs(visitor: string): Promise<Arrival> {
    const body = { site: this.site, visitor };
    const response = await reach(`${this.server}/v1/visitors`, post(body));
    if (!response.ok) throw await problemFrom(response);
    const arrival = arrivalOf(await json(response));
    const { secret } = this.keeper;
    // Another chat has got a secret meanwhile, which must not be lost: use it.
    if (secret && secret !== visitor) return this.#arriveAs(secret);
    this.keeper.secret = arrival.visitor;
    this.#fresh_until = Date.now() + Math.max(arrival.expires_in - EARLY_S, 1) * 1000;
    return arrival;
  }

  /** The events of the reply. Ends after `reply`; throws a Problem when it cannot get there. */
  async *ask(ask: Ask, signal: AbortSignal): AsyncGenerator<AskEvent> {
    const init = post(ask, { Accept: "text/event-stream, application/json" });
    const response = await this.#call("/v1/ask", { ...init, signal });
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream") || !response.body) {
      yield { reply: replyOf(await json(response)) };
      return;
    }
    const reader = new EventReader();
    for await (const bytes of chunks(response.body)) {
      for (const { event, data } of reader.push(bytes)) {
        const content = parsed(data);
        if (event === "citations") yield { head: headOf(content) };
        else if (event === "text") yield { text: textOf(content) };
        else if (event === "problem") throw new Problem(kindOf(content) || "internal-error");
        else if (event === "reply") {
          yield { reply: replyOf(content) };
          return;
        }
      }
    }
    throw new Problem("cut");
  }

  /** Creates a conversation on the service; returns its id. */
  async begin(): Promise<string> {
    const response = await this.#call("/v1/conversations", post({}));
    return idOf(await json(response));
  }

  /** Deletes a conversation on the service. */
  async forget(id: string): Promise<void> {
    await this.#call(`/v1/conversations/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  /** What support is for an enterprise. The profile is in the body only, which the service does not log. */
  async match(body: object, signal: AbortSignal): Promise<unknown> {
    return json(await this.#call("/v1/match", { ...post(body), signal }));
  }

  async feedback(feedback: Feedback): Promise<void> {
    await this.#call("/v1/feedback", post(feedback));
  }

  /** A request with the visitor's token; once more with a fresh token if the service rejects it. */
  async #call(path: string, init: RequestInit): Promise<Response> {
    for (let renewed = false; ; renewed = true) {
      const { token } = await unless(init.signal, this.arrival());
      const headers = { ...(init.headers as Record<string, string> | undefined), Authorization: `Bearer ${token}` };
      const response = await reach(this.server + path, { ...init, headers });
      if (response.ok) return response;
      const problem = await problemFrom(response);
      if (renewed || !RENEWABLE.includes(problem.kind)) throw problem;
      this.#fresh_until = 0;
    }
  }
}

function post(body: object, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
  };
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  const limit = new AbortController();
  const end = (): void => limit.abort();
  halt(init.signal);
  const timer = setTimeout(end, HEADERS_MS);
  init.signal?.addEventListener("abort", end);
  try {
    return await fetch(address, { ...init, signal: limit.signal, credentials: "omit", cache: "no-store" });
  } catch {
    halt(init.signal);
    throw unreached();
  } finally {
    clearTimeout(timer);
  }
}

async function json(response: Response): Promise<unknown> {
  return heard(response.json()).catch((error) => {
    if (error instanceof DOMException) throw error;
    throw new Problem("cut");
  });
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new Problem("cut");
  }
}

/** The pieces of a body until it ends, breaks off, or stays silent too long. */
async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await heard(reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    // Also when the caller stops early: the service then stops its work.
    reader.cancel().catch(() => undefined);
  }
}

async function heard<T>(reading: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Problem("cut")), SILENCE_MS);
  });
  try {
    return await Promise.race([reading, silence]);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem("cut");
  } finally {
    clearTimeout(timer);
  }
}
