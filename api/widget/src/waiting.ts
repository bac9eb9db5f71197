/** Waiting that ends when the visitor stops it, or takes turns with other chats of this browser. */

/** Throws when the visitor has stopped. */
export function halt(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) throw stopped();
}

/** The result, unless the visitor stops first. */
export function unless<T>(signal: AbortSignal | null | undefined, coming: Promise<T>): Promise<T> {
  if (!signal) return coming;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(stopped());
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave);
    coming.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return unless(signal, over).finally(() => clearTimeout(timer));
}

/** Runs one after the other with all pages of this origin, where the browser supports and permits locks. */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return work();
  let begun = false;
  try {
    return await locks.request(name, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun) throw error;
    return work();
  }
}

function stopped(): DOMException {
  return new DOMException("stopped", "AbortError");
}
