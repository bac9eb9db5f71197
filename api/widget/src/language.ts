/** Which language the widget speaks. */

import { en } from "./texts/en";
import { hant } from "./texts/hant";
import type { Texts } from "./texts/zh";
import { zh } from "./texts/zh";

export type { Texts };

/** The first of `wanted` that is given decides; what is neither English nor Chinese gets English. */
export function textsFor(...wanted: (string | null | undefined)[]): Texts {
  const tag = (wanted.find((one) => one?.trim()) ?? "zh").trim().toLowerCase();
  if (!/^(zh|yue|cmn)\b/.test(tag)) return en;
  return /\b(hant|tw|hk|mo)\b/.test(tag) ? hant : zh;
}
