/** The module that the chat loads when a visitor asks what an enterprise can apply for. */

import { Eligibility } from "./eligibility";
import type { Host } from "./host";
import css from "./style.css";
import { en } from "./texts/en";
import { hant } from "./texts/hant";
import { zh } from "./texts/zh";

export type { Host };
/** For the chat to add to its own. */
export const style = css;

export function eligibility(host: Host): { element: HTMLElement; focus(): void } {
  const words = { en, "zh-Hant": hant }[host.texts.tag] ?? zh;
  return new Eligibility({ ...host, words });
}
