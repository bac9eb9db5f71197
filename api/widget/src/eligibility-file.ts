/** Loads the form “能申请什么” from its own file, when a visitor opens it for the first time. */

import type * as Form from "./eligibility/main";

/** Address of the file beside the widget, with its digest: an older copy in a cache is another file. */
declare const ELIGIBILITY_FILE: string;

let coming: Promise<typeof Form> | null = null;
let failures = 0;

/** Rejects when the file cannot be loaded; the next call tries again. */
export function eligibilityFile(): Promise<typeof Form> {
  // Browsers may remember that an address failed.
  const address = new URL(ELIGIBILITY_FILE + (failures > 0 ? `.${failures}` : ""), import.meta.url).href;
  coming ??= (import(address) as Promise<typeof Form>).catch((error: unknown) => {
    coming = null;
    failures += 1;
    throw error;
  });
  return coming;
}
