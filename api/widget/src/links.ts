/** Allowed targets of links: web pages, and the service's own permalinks. */

import { h, icon } from "./dom";
import type { Cited } from "./wire";
import type { Texts } from "./language";

/** The address if it is that of a web page; else empty. */
export function webAddress(address: string): string {
  try {
    const { protocol, href } = new URL(address);
    return protocol === "https:" || protocol === "http:" ? href : "";
  } catch {
    return "";
  }
}

/** A permalink ("/d/hunan/…") on the service; empty for any other address. */
export function permalink(server: string, path: string): string {
  const address = path.startsWith("/") ? webAddress(server + path) : "";
  return address.startsWith(`${server}/d/`) ? address : "";
}

/** The address of a cited clause: on the service, else at its source. */
export function addressOf(cited: Pick<Cited, "permalink" | "url">, server: string): string {
  return permalink(server, cited.permalink) || webAddress(cited.url);
}

/** A link that opens in another tab; only its words where there is no address. */
export function link(address: string, words: string, texts: Texts, lang: string | null = null): HTMLElement {
  const made = plainLink(address, words, texts, lang);
  if (address) made.append(icon("out"));
  return made;
}

/** The same without the icon, for links that stand close together. */
export function plainLink(address: string, words: string, texts: Pick<Texts, "tag" | "newTab">, lang: string | null = null): HTMLElement {
  if (!address) return h("span", { lang }, words);
  return h(
    "a",
    { href: address, target: "_blank", rel: "noopener noreferrer", lang },
    words,
    h("span", { class: "hidden", lang: texts.tag }, texts.newTab),
  );
}
