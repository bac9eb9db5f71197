/** Waiting that ends when it should: by the visitor's stop, or because another chat of this browser is at it. */

/** Throws when the visitor has stopped it. */
export function halt(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) throw stopped();
}

/** What comes of it, unless the visitor stops waiting first. */
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

/** One after the other with all pages of this origin, where the browser has locks and lets us use them. */
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
