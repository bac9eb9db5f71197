/** Support facts as a table, whose rows are cards where there is little room. */

import { freshId, h } from "../dom";
import { addressOf, link, permalink, plainLink } from "../links";
import { badge, sourceLine } from "../views/cited";
import type { Scene } from "../views/view-context";
import type { Cell, FactRow, FactTable } from "./wire";

const PAPER = "zh-CN";
// What is asked for first stands first in a card.
const SUMS = ["amount", "rate"];

const isSum = ({ name }: { name: string }): boolean => SUMS.includes(name);

/** The facts over an answer about money: the sum, then for whom, from whom and until when. */
export function factCard(card: FactTable, scene: Scene): HTMLElement {
  const columns = [...card.columns.filter(isSum), ...card.columns.filter((column) => !isSum(column))];
  return factTable({ ...card, columns }, scene, scene.texts.factCard);
}

/** All facts that answer a question, and the places that have none. */
export function factTable(table: FactTable, scene: Scene, title = scene.texts.factTable): HTMLElement {
  const { texts } = scene;
  const { columns, rows, without, more } = table;
  const id = freshId();
  const names = [...columns.map(({ label }) => label), texts.sources];
  // The roles are written out: browsers drop those of a table that is laid out as cards.
  const drawn = h(
    "table",
    { role: "table", "aria-labelledby": id },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...names.map((name) => h("th", { role: "columnheader", scope: "col" }, name)))),
    h("tbody", { role: "rowgroup" }, ...rows.map((row) => factRow(row, columns, scene))),
  );
  const missing = without.map((name) => h("li", {}, h("span", { lang: PAPER }, name), `：${texts.notProvided}`));
  return h(
    "div",
    { class: "facts" },
    h(scene.heading, { id }, title),
    rows.length > 0 && drawn,
    missing.length > 0 && h("ul", { role: "list", class: "without" }, ...missing),
    more > 0 && h("p", { class: "note" }, texts.moreFacts(more)),
  );
}

function factRow(row: FactRow, columns: FactTable["columns"], scene: Scene): HTMLElement {
  const cells = columns.map((column) => {
    const found = row.cells.find((cell) => cell.column === column.name);
    const label = h("span", { class: "label", "aria-hidden": "true" }, column.label);
    const kind = found ? (isSum(column) ? "of-sum" : "") : "empty";
    return h("td", { role: "cell", class: kind }, label, h("div", {}, ...(found ? linked(found, scene) : [])));
  });
  return h("tr", { role: "row" }, ...cells, h("td", { role: "cell", class: "of-source" }, proof(row, scene)));
}

/** The text of a cell, in which the words of the paper are links to where they stand. */
function linked(cell: Cell, { server, texts }: Scene): (Node | string)[] {
  const points = [...cell.text];
  const shown: (Node | string)[] = [];
  let at = 0;
  const plain = (end: number): void => {
    const words = points.slice(at, end).join("");
    if (words) shown.push(cell.stated || at > 0 ? words : h("span", { class: "unstated" }, words));
  };
  for (const { at: [start, end], permalink: path } of cell.parts) {
    if (start < at) continue;
    plain(start);
    shown.push(plainLink(permalink(server, path), points.slice(start, end).join(""), texts, PAPER));
    at = end;
  }
  plain(points.length);
  return shown;
}

/** Where the row comes from, and the words that state it. */
function proof({ cited, corrected }: FactRow, scene: Scene): HTMLElement {
  const { texts, server } = scene;
  return h(
    "div",
    {},
    link(addressOf(cited, server), sourceLine(cited), texts, PAPER),
    cited.status !== "in_force" && badge(cited.status, scene),
    corrected && h("span", { class: "badge" }, texts.correctedFact),
    h("details", {}, h("summary", {}, h("span", {}, texts.quoteOf)), h("blockquote", { lang: PAPER }, cited.quote)),
  );
}
