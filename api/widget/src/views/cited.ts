/** A cited clause: its mark, its line in a list, and the card that shows the quote. */

import { highlighted } from "../answer-text";
import { freshId, h, iconButton } from "../dom";
import { addressOf, link, permalink } from "../links";
import type { Cited, Covered, Status } from "../wire";
import type { Scene } from "./view-context";

/** The language of papers, and therefore of quotes, in any language of the widget. */
const PAPER = "zh-CN";

/** 《…》, with 〈〉 for the marks of a title inside it. */
export function titled(title: string): string {
  return `《${title.replaceAll("《", "〈").replaceAll("》", "〉")}》`;
}

/** "（四）支持创新产品产业化落地" */
export function placeOf({ label, heading }: Pick<Cited, "label" | "heading">): string {
  return label + heading;
}

/** In one line: title, number, article. */
export function sourceLine(cited: Cited): string {
  const number = cited.doc_number && `（${cited.doc_number}）`;
  return titled(cited.title) + number + placeOf(cited);
}

export function badge(status: Status, { texts }: Pick<Scene, "texts">): HTMLElement {
  return h("span", { class: `badge ${status}` }, texts.statuses[status]);
}

/** The card of a quote; `n` is its number, absent for clauses that are only near. */
export function card(cited: Cited, n: number | null, scene: Scene, close: (() => void) | null): HTMLElement {
  const { texts, server } = scene;
  const address = addressOf(cited, server);
  const title = h("div", { class: "card-title", lang: PAPER }, titled(cited.title));
  return h(
    "div",
    { class: "card", id: freshId(), role: "group", "aria-label": n ? texts.citation(n, sourceLine(cited)) : sourceLine(cited) },
    h("div", { class: "card-head" }, title, close && iconButton("close", texts.closeCitation, close)),
    h(
      "div",
      { class: "card-meta" },
      badge(cited.status, scene),
      cited.doc_number && h("span", { lang: PAPER }, cited.doc_number),
      cited.region && h("span", { lang: PAPER }, cited.region),
    ),
    placeOf(cited) && h("div", { class: "card-place", lang: PAPER }, placeOf(cited)),
    h("blockquote", { lang: PAPER }, ...highlighted(cited.quote, cited.highlights)),
    address && h("div", { class: "card-foot" }, link(address, texts.seeSource, texts), factsOf(cited, scene)),
  );
}

/** A link to the page with all support facts of a paper. */
function factsOf({ document_id }: Pick<Cited, "document_id">, { texts, server }: Scene): HTMLElement | null {
  return document_id ? link(permalink(server, `/d/${encodeURIComponent(document_id)}/facts`), texts.factsOf, texts) : null;
}

/** The sources below an answer, with the numbers of the marks. */
export function sources(citations: readonly Cited[], scene: Scene): HTMLElement {
  const { texts, server } = scene;
  const items = citations.map((cited, index) =>
    h(
      "li",
      {},
      h("span", { class: "number", "aria-hidden": "true" }, String(index + 1)),
      h(
        "span",
        { class: "source" },
        link(addressOf(cited, server), sourceLine(cited), texts, PAPER),
        cited.status !== "in_force" && badge(cited.status, scene),
      ),
    ),
  );
  return h("div", { class: "sources" }, h(scene.heading, {}, texts.sources), h("ol", { role: "list" }, ...items));
}

/** Clauses near to the question, each collapsible. */
export function nearest(clauses: readonly Cited[], scene: Scene): HTMLElement {
  const items = clauses.map((cited) => {
    const summary = h("summary", { lang: PAPER }, h("span", {}, sourceLine(cited)));
    return h("details", {}, summary, card(cited, null, scene, null));
  });
  return h("div", { class: "nearest" }, h(scene.heading, {}, scene.texts.nearest), ...items);
}

/** The papers in use, collapsible. */
export function coverage(covered: readonly Covered[], scene: Scene): HTMLElement | null {
  const { texts, server } = scene;
  if (covered.length === 0) return null;
  const items = covered.map((paper) => {
    const address = addressOf({ permalink: `/d/${encodeURIComponent(paper.document_id)}`, url: "" }, server);
    const number = paper.doc_number && `（${paper.doc_number}）`;
    return h(
      "li",
      {},
      link(address, titled(paper.title) + number, texts, PAPER),
      paper.status !== "in_force" && badge(paper.status, scene),
      " ",
      factsOf(paper, scene),
    );
  });
  return h(
    "details",
    { class: "coverage" },
    h("summary", {}, h("span", {}, texts.covered(covered.length))),
    h("ul", { role: "list" }, ...items),
  );
}
