/** What the chat gives to the form, which is loaded from a file of its own. */

import type { Scene } from "../views/view-context";
import type { Words } from "./texts/zh";

export interface Host extends Pick<Scene, "texts" | "server" | "heading" | "announce"> {
  /** Sends a request to POST /v1/match; returns the body of the reply. Throws a Problem. */
  match(body: object, signal: AbortSignal): Promise<unknown>;
  /** Returns to the conversation. */
  leave(): void;
}

/** The chat's part and the form's own words. */
export interface Context extends Host {
  words: Words;
}
