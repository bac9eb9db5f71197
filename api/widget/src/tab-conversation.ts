/** The conversation of a tab, so that it continues on another page of the portal. */

import type { Device } from "./device";
import type { Conversation } from "./device";
import type { TextStore } from "./text-store";

// The first chat of a page continues the conversation; a second one starts its own, so that they stay separate.
const taken = new Set<string>();

export class Place {
  readonly #name: string;
  /** Set while this chat has the place. */
  #key: string | null = null;

  constructor(
    private readonly store: TextStore,
    private readonly device: Device,
    name: string,
  ) {
    this.#name = `zhengwen:tab:${name}`;
    this.take();
  }

  take(): void {
    if (this.#key || !this.device.lasting || taken.has(this.#name)) return;
    this.#key = this.#name;
    taken.add(this.#name);
  }

  /** The chat has left the page: another one may take the place. */
  release(): void {
    if (this.#key) taken.delete(this.#key);
    this.#key = null;
  }

  recall(): Conversation | null {
    const id = this.#key && this.store.get(this.#key);
    return id ? this.device.conversation(id) : null;
  }

  remember(conversation: Conversation): void {
    if (!this.#key) return;
    if (conversation.turns.length > 0) this.store.put(this.#key, conversation.id);
    else this.store.drop(this.#key);
  }
}
