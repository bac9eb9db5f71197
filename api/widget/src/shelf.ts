/** Where a device keeps texts: the browser's storage where it is allowed and works, else the memory of the page. */

export interface Shelf {
  readonly lasting: boolean;
  get(key: string): string | null;
  /** Whether it is kept. */
  put(key: string, value: string): boolean;
  drop(key: string): void;
  keys(): string[];
}

export class MemoryShelf implements Shelf {
  readonly lasting = false;
  #kept = new Map<string, string>();

  get(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }

  put(key: string, value: string): boolean {
    this.#kept.set(key, value);
    return true;
  }

  drop(key: string): void {
    this.#kept.delete(key);
  }

  keys(): string[] {
    return [...this.#kept.keys()];
  }
}

class StorageShelf implements Shelf {
  readonly lasting = true;

  constructor(private readonly storage: Storage) {}

  get(key: string): string | null {
    return this.storage.getItem(key);
  }

  put(key: string, value: string): boolean {
    try {
      this.storage.setItem(key, value);
      return true;
    } catch {
      return false; // full
    }
  }

  drop(key: string): void {
    this.storage.removeItem(key);
  }

  keys(): string[] {
    return Array.from({ length: this.storage.length }, (_, n) => this.storage.key(n) ?? "");
  }
}

/** The storage that `storage` gives, if a browser lets us use it: settings and frames may forbid it. */
export function shelfOn(storage: () => Storage): Shelf {
  let found: Storage | undefined;
  try {
    found = storage();
    const probe = "zhengwen:probe";
    found.setItem(probe, probe);
    found.removeItem(probe);
    return new StorageShelf(found);
  } catch (error) {
    // Full of whatever it holds: what is kept there is still to be read, and to be deleted.
    const full = found && (error as DOMException).name === "QuotaExceededError" && found.length > 0;
    return full ? new StorageShelf(found!) : new MemoryShelf();
  }
}
