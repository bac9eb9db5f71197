/** Where a device stores texts: the browser's storage where it is allowed and works, else the memory of the page. */

export interface TextStore {
  readonly lasting: boolean;
  get(key: string): string | null;
  /** Returns whether it is stored. */
  put(key: string, value: string): boolean;
  drop(key: string): void;
  keys(): string[];
}

export class MemoryStore implements TextStore {
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

class BrowserStore implements TextStore {
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

/** The storage from `storage`, if the browser permits it: settings and frames may forbid it. */
export function browserStore(storage: () => Storage): TextStore {
  let found: Storage | undefined;
  try {
    found = storage();
    const probe = "zhengwen:probe";
    found.setItem(probe, probe);
    found.removeItem(probe);
    return new BrowserStore(found);
  } catch (error) {
    // Storage that is full can still be read and deleted from.
    const full = found && (error as DOMException).name === "QuotaExceededError" && found.length > 0;
    return full ? new BrowserStore(found!) : new MemoryStore();
  }
}
