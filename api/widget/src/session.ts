/** One conversation at a time: asks, waits when the service is busy, and keeps what was said. */

import type { Client } from "./client";
import type { Conversation, Device } from "./device";
import { newConversation } from "./device";
import { halt, pause, unless } from "./patience";
import { Problem } from "./problem";
import type { Head, Reply } from "./wire";

/** Hears how a question fares. After `done`, `stopped` or `failed` nothing follows. */
export interface Listener {
  asking(): void;
  head(head: Head): void;
  text(words: string): void;
  done(reply: Reply): void;
  waiting(seconds: number): void;
  stopped(): void;
  failed(problem: Problem): void;
}

const MOST_TURNS_TOLD = 20; // earlier questions that are sent along
const STALE_MS = 600_000; // a question without an answer for so long gets none
const LONGEST_WAIT_S = 30; // a visitor is not made to wait longer without being asked

export class Session {
  conversation: Conversation = newConversation();
  #abort: AbortController | null = null;

  constructor(
    private readonly client: Client,
    private readonly device: Device,
  ) {}

  get busy(): boolean {
    return this.#abort !== null;
  }

  /** Stop what is under way. */
  stop(): void {
    this.#abort?.abort();
  }

  /** Leave this conversation for another, or for a fresh one. */
  turnTo(conversation: Conversation = newConversation()): void {
    this.stop();
    this.#abort = null;
    this.conversation = conversation;
  }

  async ask(question: string, listener: Listener): Promise<void> {
    this.stop();
    const abort = new AbortController();
    const { conversation } = this;
    this.#abort = abort;
    let patient = true;
    try {
      for (;;) {
        listener.asking();
        const problem = await this.#attempt(question, conversation, listener, abort.signal);
        if (!problem) return;
        if (problem.kind === "unknown-conversation" && conversation.server) {
          conversation.server = null; // the service has forgotten it; we tell it what was said
        } else if (problem.kind === "busy" && patient && problem.wait <= LONGEST_WAIT_S) {
          patient = false;
          await waited(problem.wait || 1, listener, abort.signal);
        } else {
          listener.failed(problem);
          return;
        }
      }
    } catch (error) {
      if (!abort.signal.aborted) throw error;
      listener.stopped();
    } finally {
      this.#leave(conversation);
      if (this.#abort === abort) this.#abort = null;
    }
  }

  /** Throws only what is no Problem: that the visitor has stopped it. */
  async #attempt(
    question: string,
    conversation: Conversation,
    listener: Listener,
    signal: AbortSignal,
  ): Promise<Problem | null> {
    try {
      const { keeps_conversations } = await unless(signal, this.client.arrival());
      if (keeps_conversations && this.device.lasting && !conversation.server && conversation.turns.length === 0) {
        conversation.server = await this.#begun(signal);
        // From here on the service has something that the visitor must be able to delete, today and later.
        if (conversation.server && !this.#store(conversation)) this.#leave(conversation);
      }
      const history = conversation.server ? [] : said(conversation);
      for await (const event of this.client.ask({ question, history, conversation: conversation.server }, signal)) {
        halt(signal);
        if ("head" in event) listener.head(event.head);
        else if ("text" in event) listener.text(event.text);
        else {
          this.#keep(conversation, question, event.reply);
          listener.done(event.reply);
        }
      }
      return null;
    } catch (error) {
      if (error instanceof Problem && !signal.aborted) return error;
      throw error;
    }
  }

  async #begun(signal: AbortSignal): Promise<string | null> {
    const coming = this.client.begin();
    try {
      return (await unless(signal, coming)) || null;
    } catch (error) {
      // Stopped too early to know what the service has begun: it goes as soon as it is known.
      if (signal.aborted) coming.then((id) => this.client.forget(id)).catch(() => undefined);
      if (error instanceof Problem && error.kind === "not-kept") return null;
      throw error;
    }
  }

  #keep(conversation: Conversation, question: string, reply: Reply): void {
    const kept = this.device.conversation(conversation.id);
    if (kept && kept.updated !== conversation.updated) {
      // Another page has gone on with it: from here these are two.
      conversation.id = newConversation().id;
      conversation.server = null;
    }
    conversation.turns.push({ question, reply });
    this.#store(conversation);
    this.#tidy();
  }

  /** Nothing was answered: the service shall not keep the question. Until it has gone there, the device lists it. */
  #leave(conversation: Conversation): void {
    const { id, server, turns } = conversation;
    if (!server || turns.length > 0) return;
    conversation.id = newConversation().id;
    conversation.server = null;
    conversation.updated = 0;
    // The visitor may have deleted it already.
    if (this.device.conversation(id)) this.#forget(id, server);
  }

  /** What was left when the service could not be told, or the page went first. Another page may still be asking. */
  #tidy(): void {
    for (const { id, server, turns, updated } of this.device.conversations()) {
      if (server && turns.length === 0 && updated < Date.now() - STALE_MS) this.#forget(id, server);
    }
  }

  #forget(id: string, server: string): void {
    this.client.forget(server).then(
      () => this.device.drop(id),
      (error: unknown) => {
        if (error instanceof Problem && error.kind === "unknown-conversation") this.device.drop(id);
      },
    );
  }

  #store(conversation: Conversation): boolean {
    conversation.updated = Math.max(Date.now(), conversation.updated + 1);
    return this.device.keep(conversation);
  }
}

function said(conversation: Conversation): { role: "user" | "assistant"; content: string }[] {
  return conversation.turns.slice(-MOST_TURNS_TOLD).flatMap(({ question, reply }) => [
    { role: "user" as const, content: question },
    { role: "assistant" as const, content: reply.text },
  ]);
}

/** Wait, telling how long it still takes; a little longer by chance, so that not all come back at once. */
async function waited(seconds: number, listener: Listener, signal: AbortSignal): Promise<void> {
  for (let left = seconds; left > 0; left -= 1) {
    listener.waiting(left);
    await pause(1000, signal);
  }
  await pause(Math.random() * 500, signal);
}
