/** What every view needs to know, and what a visitor can set off in it. */

import type { Feedback } from "../client";
import type { Texts } from "../language";
import type { Covered } from "../wire";

export interface Scene {
  readonly texts: Texts;
  /** Address of the service without a slash at its end. */
  readonly server: string;
  /** The papers that are covered, once they are known. */
  readonly covered: readonly Covered[];
  readonly handoff: string;
  /** The heading below the chat's own title. */
  readonly heading: "h2" | "h3";
  ask(question: string): void;
  feedback(feedback: Feedback): Promise<void>;
  /** Say it to screen readers. */
  announce(words: string): void;
}
