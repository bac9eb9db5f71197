/** One conversation at a time: asks, waits while the service is busy, and stores the turns. */

import type { Client } from "./client";
import type { Conversation, Device } from "./device";
import { newConversation } from "./device";
import { halt, pause, unless } from "./waiting";
import { Problem } from "./problem";
import type { Head, Reply } from "./wire";

/** Receives the progress of a question. No call follows `done`, `stopped` or `failed`. */
export interface Listener {
  asking(): void;
  head(head: Head): void;
  text(words: string): void;
  done(reply: Reply): void;
  waiting(seconds: number): void;
  stopped(): void;
  failed(problem: Problem): void;
}

const MOST_TURNS_SENT = 20; // earlier questions that are sent as history
const STALE_MS = 600_000; // after this time a question without an answer gets none
const LONGEST_WAIT_S = 30; // longer waits need the visitor's consent

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

  /** Stops the answer in progress. */
  stop(): void {
    this.#abort?.abort();
  }

  /** Changes to another conversation, or starts one. */
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
          conversation.server = null; // the service has deleted it, so send the history ourselves
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

  /** Returns a Problem; throws only when the visitor has stopped it. */
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
        // From here on the service has data that the visitor must be able to delete, also later.
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
      // Stopped before the id is known: delete the conversation when it is.
      if (signal.aborted) coming.then((id) => this.client.forget(id)).catch(() => undefined);
      if (error instanceof Problem && error.kind === "not-kept") return null;
      throw error;
    }
  }

  #keep(conversation: Conversation, question: string, reply: Reply): void {
    const kept = this.device.conversation(conversation.id);
    if (kept && kept.updated !== conversation.updated) {
      // Another page has continued it: from here on these are two conversations.
      conversation.id = newConversation().id;
      conversation.server = null;
    }
    conversation.turns.push({ question, reply });
    this.#store(conversation);
    this.#tidy();
  }

  /** Without an answer the service must not keep the question. The device lists it until it is deleted there. */
  #leave(conversation: Conversation): void {
    const { id, server, turns } = conversation;
    if (!server || turns.length > 0) return;
    conversation.id = newConversation().id;
    conversation.server = null;
    conversation.updated = 0;
    // The visitor may have deleted it already.
    if (this.device.conversation(id)) this.#forget(id, server);
  }

  /** Deletes conversations left over when the service could not be reached or the page closed. Another page may still be asking. */
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
  return conversation.turns.slice(-MOST_TURNS_SENT).flatMap(({ question, reply }) => [
    { role: "user" as const, content: question },
    { role: "assistant" as const, content: reply.text },
  ]);
}

/** Waits and reports the remaining seconds; a little longer by chance, so that clients do not return all at once. */
async function waited(seconds: number, listener: Listener, signal: AbortSignal): Promise<void> {
  for (let left = seconds; left > 0; left -= 1) {
    listener.waiting(left);
    await pause(1000, signal);
  }
  await pause(Math.random() * 500, signal);
}
