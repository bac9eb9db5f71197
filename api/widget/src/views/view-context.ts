/** The data and actions that every view needs. */

import type { Feedback } from "../client";
import type { Texts } from "../language";
import type { Covered } from "../wire";

export interface Scene {
  readonly texts: Texts;
  /** Address of the service without a trailing slash. */
  readonly server: string;
  /** The papers in use, once they are known. */
  readonly covered: readonly Covered[];
  readonly handoff: string;
  /** The heading level below the chat's own title. */
  readonly heading: "h2" | "h3";
  ask(question: string): void;
  /** Opens the form “能申请什么”; null where it is not offered. */
  readonly apply: (() => void) | null;
  feedback(feedback: Feedback): Promise<void>;
  /** Announces a text to screen readers. */
  announce(words: string): void;
}
