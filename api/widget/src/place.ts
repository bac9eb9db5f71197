/** Which conversation a tab is in, so that it goes on when the visitor moves to another page of the portal. */

import type { Device } from "./device";
import type { Conversation } from "./device";
import type { Shelf } from "./shelf";

// The first chat of a page goes on; one beside it begins afresh, so that the two stay apart.
const taken = new Set<string>();

export class Place {
  #key: string | null;

  constructor(
    private readonly shelf: Shelf,
    private readonly device: Device,
    name: string,
  ) {
    const key = `zhengwen:tab:${name}`;
    this.#key = device.lasting && !taken.has(key) ? key : null;
    taken.add(key);
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
