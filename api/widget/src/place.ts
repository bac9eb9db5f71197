/** Which conversation a tab is in, so that it goes on when the visitor moves to another page of the portal. */

import type { Device } from "./device";
import type { Conversation } from "./device";
import type { Shelf } from "./shelf";

// The first chat of a page goes on; one beside it begins afresh, so that the two stay apart.
const taken = new Set<string>();

export class Place {
  readonly #name: string;
  /** Set while the place is this chat's. */
  #key: string | null = null;

  constructor(
    private readonly shelf: Shelf,
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

  /** The chat has left the page: another may have the place. */
  release(): void {
    if (this.#key) taken.delete(this.#key);
    this.#key = null;
  }

  recall(): Conversation | null {
    const id = this.#key && this.shelf.get(this.#key);
    return id ? this.device.conversation(id) : null;
  }

  remember(conversation: Conversation): void {
    if (!this.#key) return;
    if (conversation.turns.length > 0) this.shelf.put(this.#key, conversation.id);
    else this.shelf.drop(this.#key);
  }
}
