/** An answer as plain text, and copying to the clipboard. */

import { AnswerText } from "./answer-text";
import { h } from "./dom";
import { addressOf } from "./links";
import type { Texts } from "./language";
import { sourceLine } from "./views/cited";
import type { Reply } from "./wire";

/** The answer with its marks as [1], its sources and their addresses. */
export function asText(reply: Reply, server: string, texts: Texts): string {
  const written = new AnswerText(reply.citations, (n) => h("sup", {}, `[${n}]`), "");
  written.write(reply.text);
  written.finish();
  const paragraphs = [...written.element.children].map((paragraph) => paragraph.textContent ?? "");
  const sources = reply.citations.map((cited, index) => {
    const status = cited.status === "in_force" ? "" : ` [${texts.statuses[cited.status]}]`;
    return [`[${index + 1}] ${sourceLine(cited)}${status}`, addressOf(cited, server)].filter(Boolean).join("\n");
  });
  return [...paragraphs, ...(sources.length > 0 ? ["", texts.sourceHeading, ...sources] : [])].join("\n");
}

/** Copies and returns whether it succeeded. Without HTTPS there is no clipboard API, so execCommand is tried too. */
export async function copied(text: string, near: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text, near);
  }
}

function copiedBySelection(text: string, near: HTMLElement): boolean {
  const field = document.createElement("textarea");
  const before = (near.getRootNode() as ShadowRoot | Document).activeElement;
  field.value = text;
  field.className = "hidden";
  field.readOnly = true;
  near.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}
