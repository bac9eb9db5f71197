import assert from "node:assert/strict";
import { test } from "node:test";
import { h } from "../src/dom";
import { AnswerText } from "../src/answer-text";
import type { Citation, Highlight } from "../src/wire";
import { replyOf } from "../src/wire";
import { chance, citation } from "./page";

function citations(...spans: ([number, number] | null)[]): Citation[] {
  return replyOf({ citations: spans.map((span) => citation({ answer_span: span })) }).citations;
}

function written(pieces: string[], cited: Citation[], highlights: Highlight[] = []): HTMLElement {
  const text = new AnswerText(cited, (n) => h("button", {}, `[${n}]`), "zh", highlights);
  for (const piece of pieces) text.write(piece);
  text.finish();
  return text.element;
}

const quotes = (element: HTMLElement): string[] => [...element.querySelectorAll("q")].map((q) => q.textContent ?? "");

test("a mark stands behind the closing quotation mark of its quote", () => {
  const element = written(["规定：“奖500万元。”另见其他。"], citations([4, 11]));
  assert.equal(element.textContent, "规定：“奖500万元。”[1]另见其他。");
  assert.deepEqual(quotes(element), ["奖500万元。"]);
});

test("spans count code points, so emoji before a quote do not move it", () => {
  const element = written(["😀👨‍👩‍👧𠮷“奖补”。"], citations([8, 10]));
  assert.deepEqual(quotes(element), ["奖补"]);
  assert.equal(element.textContent, "😀👨‍👩‍👧𠮷“奖补”[1]。");
});

const bold = (element: HTMLElement): string[] => [...element.querySelectorAll("strong")].map((strong) => strong.textContent ?? "");

test("what was asked is bold before its quote and in it, and the mark behind it is not", () => {
  const element = written(["500万元。\n规定：“奖😀500", "万元”另见"], citations([11, 18]), [{ start: 0, end: 5 }, { start: 13, end: 18 }]);
  assert.deepEqual(bold(element), ["500万元", "500万元"]);
  assert.equal(element.children[1]?.innerHTML, '规定：“<q lang="zh">奖😀<strong>500万元</strong></q>”<button>[1]</button>另见');
});

test("a quote at the very end has its mark", () => {
  assert.equal(written(["见“奖补”"], citations([2, 4])).textContent, "见“奖补”[1]");
  assert.equal(written(["见奖补"], citations([1, 3])).textContent, "见奖补[1]");
});

test("two citations of one quote have two marks, and one that is only listed has none", () => {
  assert.equal(written(["“奖补”。"], citations([1, 3], null, [1, 3])).textContent, "“奖补”[1][3]。");
});

test("a quote over several lines goes on in the next paragraph", () => {
  const element = written(["甲“第一行\n第二行”乙"], citations([2, 9]));
  assert.equal(element.children.length, 2);
  assert.deepEqual(quotes(element), ["第一行", "第二行"]);
  assert.equal(element.children[1]?.textContent, "第二行”[1]乙");
});

test("wrong spans lose no words", () => {
  for (const span of [[5, 2], [-3, 2], [90, 99], [0, 0], [1, 99]] as [number, number][]) {
    assert.equal(written(["一二三四"], citations(span)).textContent?.replaceAll("[1]", ""), "一二三四");
  }
});

test("however the text is cut into parts, what is written is the same", () => {
  const random = chance(11);
  const alphabet = ["奖", "补", "“", "”", "\n", "😀", "𠮷", "a", "）"];
  for (let round = 0; round < 400; round += 1) {
    const points = Array.from({ length: 1 + Math.floor(random() * 30) }, () => alphabet[Math.floor(random() * alphabet.length)]!);
    const spans = Array.from({ length: 3 }, () => {
      const start = Math.floor(random() * points.length);
      return [start, start + 1 + Math.floor(random() * (points.length - start))] as [number, number];
    });
    const highlights = citations(...spans).flatMap(({ answer_span: span }) => (span ? [{ start: span[0], end: span[1] }] : []));
    highlights.sort((one, other) => one.start - other.start);
    const whole = written([points.join("")], citations(...spans), highlights);
    assert.equal(written(points, citations(...spans), highlights).innerHTML, whole.innerHTML);
    const words = [...whole.querySelectorAll("p")].map((p) => p.textContent?.replaceAll(/\[\d\]/g, "")).join("");
    assert.equal(words, points.filter((point) => point !== "\n").join(""));
    const marked = [...whole.querySelectorAll("button")].map((mark) => mark.textContent);
    assert.deepEqual([...marked].sort(), ["[1]", "[2]", "[3]"]);
  }
});
