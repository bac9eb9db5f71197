/** Chooses the language of the widget. */

import { en } from "./texts/en";
import { hant } from "./texts/hant";
import type { Texts } from "./texts/zh";
import { zh } from "./texts/zh";

export type { Texts };

/** The first non-empty entry of `wanted` decides; a language other than English and Chinese becomes English. */
export function textsFor(...wanted: (string | null | undefined)[]): Texts {
  const tag = (wanted.find((one) => one?.trim()) ?? "zh").trim().toLowerCase();
  if (!/^(zh|yue|cmn)\b/.test(tag)) return en;
  return /\b(hant|tw|hk|mo)\b/.test(tag) ? hant : zh;
}
