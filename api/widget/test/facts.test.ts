import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../src/texts/en";
import { zh } from "../src/texts/zh";
import { TurnView } from "../src/views/turn";
import { replyOf } from "../src/wire";
import { rawCell, rawReply, rawTable, reply, scene } from "./page";

const seen = (element: Element | null | undefined): string => (element?.textContent ?? "").replaceAll(zh.newTab, "");
const rows = (view: TurnView): Element[] => [...view.element.querySelectorAll(".facts tbody tr")];

test("an answer on money begins with its facts, each cell linked to its words", () => {
  const view = TurnView.of("奖多少？", reply({ card: rawTable() }), scene());
  const answer = view.element.querySelector(".answer")!;
  const [card, text] = [answer.querySelector(".facts")!, answer.querySelector(".text")!];
  assert.ok(card.compareDocumentPosition(text) & 4, "the card stands before the text");
  assert.equal(seen(card.querySelector("h3")), zh.factCard);
  const [first] = rows(view);
  const cells = [...first!.querySelectorAll("td")];
  assert.deepEqual(cells.slice(0, 4).map(seen), ["金额不超过500万元", "对象首次获批的创新药；改良型新药", "责任部门省药监局", "有效期"]);
  const links = [...cells[0]!.querySelectorAll("a")];
  assert.deepEqual(links.map(seen), ["不超过", "500万元"]);
  assert.deepEqual(
    links.map((link) => link.getAttribute("href")),
    [0, 1].map((n) => `https://answers.example.gov.cn/d/hunan/%E4%B8%80?q=${n}-9#quote`),
  );
});

test("a sum that the paper does not state and a draft are marked", () => {
  const [first, second] = rows(TurnView.of("奖多少？", reply({ card: rawTable() }), scene()));
  assert.equal(first!.querySelector(".badge"), null);
  assert.equal(seen(second!.querySelector(".unstated")), "未写明金额；");
  assert.equal(seen(second!.querySelector("td a")), "按规定");
  assert.equal(seen(second!.querySelector(".badge")), zh.statuses.draft);
});

test("a fact that an editor has corrected is marked, and no other", () => {
  const [first, second] = rawTable().rows as Record<string, unknown>[];
  const table = rawTable({ rows: [{ ...first, corrected: true }, { ...second, corrected: "yes" }] });
  const marks = (row: Element): string[] => [...row.querySelectorAll(".badge")].map(seen);
  for (const shown of [reply({ card: table }), reply({ table })])
    assert.deepEqual(rows(TurnView.of("奖多少？", shown, scene())).map(marks), [[zh.correctedFact], [zh.statuses.draft]]);
});

test("a table has a row for each fact, its quote, and the places that have none", () => {
  const view = TurnView.of("哪些省有？", reply({ table: rawTable({ without: ["浙江省"], more: 3 }) }), scene({ texts: en }));
  assert.deepEqual([...view.element.querySelectorAll("thead th")].map(seen), ["对象", "金额", "责任部门", "有效期", en.sources]);
  assert.equal(rows(view).length, 2);
  for (const row of rows(view)) assert.equal(seen(row.querySelector("blockquote")), "给予不超过500万元一次性奖补。");
  assert.equal(seen(view.element.querySelector(".without")), `浙江省：${en.notProvided}`);
  assert.equal(seen(view.element.querySelector(".facts > .note")), en.moreFacts(3));
});

test("a place without a row is shown also where no place has one", () => {
  const view = TurnView.of("哪些省有？", reply({ table: rawTable({ rows: [], without: ["浙江省"] }) }), scene());
  assert.equal(view.element.querySelector("table"), null);
  assert.equal(seen(view.element.querySelector(".without")), "浙江省：未规定");
});

test("a reply that was stored shows the same facts", () => {
  const first = reply({ card: rawTable(), table: rawTable({ without: ["浙江省"] }) });
  const stored = replyOf(JSON.parse(JSON.stringify(first)));
  assert.deepEqual(stored, first);
});

test("cells with hostile words, or with places that cannot be, show their text and lead nowhere", () => {
  const words = '<img src=x onerror="ran=1">';
  for (const at of [[5, 3], [-1, 2], [0, 9999], ["0", 1], null]) {
    const cell = rawCell("amount", `[${words}]`);
    const parts = [{ ...(cell.parts as Record<string, unknown>[])[0], at, permalink: "javascript:ran=1" }];
    const table = rawTable({ rows: [{ cited: { title: words }, cells: [{ ...cell, parts }] }, null, {}], without: [words, 7] });
    const view = TurnView.of("问", replyOf(rawReply({ card: table, table })), scene());
    assert.equal(view.element.querySelectorAll("img").length, 0);
    for (const link of view.element.querySelectorAll(".facts a")) assert.match(link.getAttribute("href")!, /^https:/);
    assert.ok(seen(view.element.querySelector("td")).endsWith(words));
  }
});
