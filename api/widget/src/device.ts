/** Stores a visitor's data on this device: the secret, and earlier conversations, each under its own key. */

import type { SecretKeeper } from "./client";
import type { TextStore } from "./text-store";
import { MemoryStore } from "./text-store";
import type { Reply } from "./wire";
import { replyOf } from "./wire";

export interface Turn {
  question: string;
  reply: Reply;
}

export interface Conversation {
  id: string;
  /** Its id on the service, where the service stores it. */
  server: string | null;
  updated: number;
  turns: Turn[];
}

const MOST_KEPT = 50; // conversations

export function newConversation(): Conversation {
  // randomUUID exists only on secure pages; some portals are not.
  const words = crypto.getRandomValues(new Uint32Array(4));
  return { id: [...words].map((word) => word.toString(36)).join(""), server: null, updated: 0, turns: [] };
}

/** Two pages write at the same time, so there is no common list. */
export class Device implements SecretKeeper {
  readonly lasting: boolean;
  readonly #prefix: string;
  #spill = new MemoryStore();

  constructor(
    private readonly store: TextStore,
    server: string,
    site: string,
  ) {
    this.#prefix = `zhengwen:${server}:${site}:`;
    this.lasting = store.lasting;
  }

  get secret(): string {
    return this.store.get(`${this.#prefix}visitor`) ?? this.#spill.get("visitor") ?? "";
  }

  set secret(secret: string) {
    if (secret !== this.secret && !this.store.put(`${this.#prefix}visitor`, secret)) this.#spill.put("visitor", secret);
  }

  /** Newest first. Unreadable entries are skipped. */
  conversations(): Conversation[] {
    const lead = `${this.#prefix}c:`;
    const kept = this.store.keys().filter((key) => key.startsWith(lead));
    const ids = new Set([...kept.map((key) => key.slice(lead.length)), ...this.#spill.keys()]);
    const found = [...ids].map((id) => this.conversation(id)).filter((one) => one !== null);
    return found.sort((one, other) => other.updated - one.updated);
  }

  conversation(id: string): Conversation | null {
    return conversationOf(id, this.#spill.get(id) ?? this.store.get(`${this.#prefix}c:${id}`));
  }

  /** Stores it. A full storage drops the oldest; else it lasts as long as the page. Returns whether it lasts longer. */
  keep(conversation: Conversation): boolean {
    const value = JSON.stringify(conversation);
    const oldest = this.conversations().filter((one) => one.id !== conversation.id);
    while (oldest.length >= MOST_KEPT) this.drop(oldest.pop()!.id);
    while (!this.store.put(`${this.#prefix}c:${conversation.id}`, value)) {
      const last = oldest.pop();
      if (!last) {
        this.#spill.put(conversation.id, value);
        return false;
      }
      this.drop(last.id);
    }
    this.#spill.drop(conversation.id);
    return this.lasting;
  }

  drop(id: string): void {
    this.store.drop(`${this.#prefix}c:${id}`);
    this.#spill.drop(id);
  }
}

function conversationOf(id: string, value: string | null): Conversation | null {
  try {
    const { server, updated, turns } = JSON.parse(value ?? "null") as Partial<Conversation>;
    if (!Array.isArray(turns) || typeof updated !== "number") return null;
    return {
      id,
      server: typeof server === "string" ? server : null,
      updated,
      turns: turns.map(({ question, reply }) => ({ question: String(question), reply: replyOf(reply) })),
    };
  } catch {
    return null;
  }
}
