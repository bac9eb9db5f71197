/** What this device remembers of a visitor: the secret, and earlier conversations, each under a key of its own. */

import type { SecretKeeper } from "./client";
import type { Shelf } from "./shelf";
import { MemoryShelf } from "./shelf";
import type { Reply } from "./wire";
import { replyOf } from "./wire";

export interface Turn {
  question: string;
  reply: Reply;
}

export interface Conversation {
  id: string;
  /** Its id on the service, where the service keeps it. */
  server: string | null;
  updated: number;
  turns: Turn[];
}

const MOST_KEPT = 50; // conversations

export function newConversation(): Conversation {
  // randomUUID is there on secure pages only; some portals are not.
  const words = crypto.getRandomValues(new Uint32Array(4));
  return { id: [...words].map((word) => word.toString(36)).join(""), server: null, updated: 0, turns: [] };
}

/** Two pages write side by side, so nothing is kept in one common list. */
export class Device implements SecretKeeper {
  readonly lasting: boolean;
  readonly #prefix: string;
  #spill = new MemoryShelf();

  constructor(
    private readonly shelf: Shelf,
    server: string,
    site: string,
  ) {
    this.#prefix = `zhengwen:${server}:${site}:`;
    this.lasting = shelf.lasting;
  }

  get secret(): string {
    return this.shelf.get(`${this.#prefix}visitor`) ?? this.#spill.get("visitor") ?? "";
  }

  set secret(secret: string) {
    if (secret !== this.secret && !this.shelf.put(`${this.#prefix}visitor`, secret)) this.#spill.put("visitor", secret);
  }

  /** Newest first. What is not readable is none. */
  conversations(): Conversation[] {
    const lead = `${this.#prefix}c:`;
    const kept = this.shelf.keys().filter((key) => key.startsWith(lead));
    const ids = new Set([...kept.map((key) => key.slice(lead.length)), ...this.#spill.keys()]);
    const found = [...ids].map((id) => this.conversation(id)).filter((one) => one !== null);
    return found.sort((one, other) => other.updated - one.updated);
  }

  conversation(id: string): Conversation | null {
    return conversationOf(id, this.#spill.get(id) ?? this.shelf.get(`${this.#prefix}c:${id}`));
  }

  /** Keep it. Where the storage is full, the oldest make room; else it lasts as long as the page. Whether it stays longer. */
  keep(conversation: Conversation): boolean {
    const value = JSON.stringify(conversation);
    const oldest = this.conversations().filter((one) => one.id !== conversation.id);
    while (oldest.length >= MOST_KEPT) this.drop(oldest.pop()!.id);
    while (!this.shelf.put(`${this.#prefix}c:${conversation.id}`, value)) {
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
    this.shelf.drop(`${this.#prefix}c:${id}`);
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
