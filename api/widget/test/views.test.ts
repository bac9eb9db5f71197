import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { asText } from "../src/copying";
import { escapes } from "../src/dom";
import { textsFor } from "../src/language";
import { permalink, webAddress } from "../src/links";
import { en } from "../src/texts/en";
import { hant } from "../src/texts/hant";
import { zh } from "../src/texts/zh";
import { card, coverage, nearest, sources, titled } from "../src/views/cited";
import { Composer } from "../src/views/composer";
import { history } from "../src/views/history";
import { TurnView } from "../src/views/turn";
import { arrivalOf, replyOf } from "../src/wire";
import { citation, rawArrival, reply, scene } from "./page";

const HOSTILE = [
  "<script>window.ran=1</script>",
  '"><img src=x onerror=ran=1>',
  "javascript:ran=1",
  "<svg/onload=ran=1>",
  "</textarea><iframe srcdoc='<script>ran=1</script>'>",
  "&lt;b&gt;&#0;",
  "\u202e\u0000\u2028{{constructor}}",
];

const texts = (element: Element): string => element.textContent ?? "";

test("hostile words make no element, in whatever place they come", () => {
  for (const words of HOSTILE) {
    const cited = citation({ title: words, doc_number: words, label: words, heading: words, quote: words, region: words, url: words, permalink: words });
    const change = { text: words, rewritten: words, warnings: [words], suggestions: [words], citations: [cited] };
    const turn = TurnView.of(words, reply(change), scene());
    const refused = TurnView.of(words, reply({ outcome: "refused", text: words, citations: [], refusal: { reason: words, nearest: [cited] } }), scene());
    for (const view of [turn.element, refused.element]) {
      assert.equal(view.querySelectorAll("script, img, iframe, b, [onload], [onerror]").length, 0);
      for (const link of view.querySelectorAll("a")) assert.match(link.getAttribute("href")!, /^https:\/\//);
      assert.ok(texts(view).includes(words));
    }
  }
});

test("links lead to web pages and to the service's own papers only", () => {
  const server = "https://answers.example/zw";
  assert.equal(permalink(server, "/d/hunan/x?q=1#quote"), "https://answers.example/zw/d/hunan/x?q=1#quote");
  for (const path of ["//evil.example/d/", "https://evil.example/", "javascript:1", "/admin", "/d/../../x", "d/hunan", "\\\\evil"]) {
    assert.equal(permalink(server, path), "", path);
  }
  assert.equal(webAddress("http://gov.example/a"), "http://gov.example/a");
  for (const address of ["javascript:1", "data:text/html,x", "ftp://x/", "/here", "", "file:///etc/passwd"]) {
    assert.equal(webAddress(address), "", address);
  }
});

test("every link opens apart, and the page it opens knows nothing of this one", () => {
  const { citations } = reply();
  for (const view of [sources(citations, scene()), card(citations[0]!, 1, scene(), null), coverage(scene().covered, scene())!]) {
    const links = [...view.querySelectorAll("a")];
    assert.ok(links.length > 0);
    for (const link of links) {
      assert.equal(link.getAttribute("target"), "_blank");
      assert.equal(link.getAttribute("rel"), "noopener noreferrer");
    }
  }
});

test("the marks of a title inside a title are the inner ones", () => {
  assert.equal(titled("关于修改《停车办法》的决定"), "《关于修改〈停车办法〉的决定》");
});

test("a mark opens the card of its quote and closes it again", () => {
  const { element } = TurnView.of("问", reply(), scene());
  const mark = element.querySelector<HTMLButtonElement>(".mark")!;
  // happy-dom has no layout to scroll in.
  Object.getPrototypeOf(Object.getPrototypeOf(element)).scrollIntoView ??= () => undefined;
  mark.click();
  const opened = element.querySelector(".card")!;
  assert.equal(mark.getAttribute("aria-expanded"), "true");
  assert.equal(mark.getAttribute("aria-controls"), opened.id);
  for (const words of ["《若干意见》", "湘政办发〔2026〕15号", "（四）支持创新产品产业化落地", "现行", "给予不超过500万元一次性奖补。", "查看原文"]) {
    assert.ok(texts(opened).includes(words), words);
  }
  mark.click();
  assert.equal(element.querySelector(".card"), null);
});

test("the state of a paper and the outcome are told in words", () => {
  const draft = TurnView.of("问", reply({ outcome: "partial", warnings: ["draft"], rewritten: "湖北呢？", citations: [citation({ status: "draft" })] }), scene());
  for (const words of [zh.statuses.draft, zh.outcomes.partial, zh.understoodAs("湖北呢？")]) assert.ok(texts(draft.element).includes(words));
});

test("what was asked is bold in the answer and in the card of its quote", () => {
  const words = [{ start: 5, end: 12 }];
  const view = TurnView.of("问", reply({ highlights: words, citations: [citation({ highlights: [{ start: 2, end: 9 }] })] }), scene());
  const bold = (): string[] => [...view.element.querySelectorAll("strong")].map((strong) => strong.textContent ?? "");
  assert.deepEqual(bold(), ["不超过500万"]);
  view.element.querySelector<HTMLElement>(".mark")!.click();
  assert.deepEqual(bold(), ["不超过500万", "不超过500万"]);
  assert.equal(view.element.querySelector("blockquote")!.textContent, "给予不超过500万元一次性奖补。");
});

test("who gets no answer sees what is near, what is covered, and whom to call", () => {
  const near = [citation({ answer_span: null })];
  const view = TurnView.of("问", reply({ outcome: "refused", citations: [], refusal: { reason: "no_evidence", nearest: near } }), scene({ handoff: "请致电 0731-12345" }));
  for (const words of [zh.outcomes.refused, zh.nearest, zh.covered(1), "请致电 0731-12345"]) assert.ok(texts(view.element).includes(words), words);
  assert.equal(nearest(reply({ citations: near }).citations, scene()).querySelectorAll("details").length, 1);
});

test("streamed words stay in place when the whole reply is the same", () => {
  const view = new TurnView("问", scene(), () => undefined);
  const whole = reply();
  view.asking();
  view.head(whole);
  for (const character of whole.text) view.text(character);
  const mark = view.element.querySelector(".text")!;
  view.done(whole);
  assert.equal(view.element.querySelector(".text"), mark);
  assert.equal(view.element.querySelectorAll(".mark").length, 1);
  assert.equal(view.element.querySelectorAll(".sources li").length, 1);
});

test("words that were streamed wrong give way to the whole reply", () => {
  const view = new TurnView("问", scene(), () => undefined);
  view.asking();
  view.head(reply());
  view.text("别的");
  view.done(reply());
  assert.ok(!texts(view.element).includes("别的"));
  assert.ok(texts(view.element).includes(reply().text.slice(0, 2)));
});

test("a copied answer has its marks, its sources and where they stand", () => {
  const text = asText(reply({ citations: [citation({ status: "draft" })] }), "https://answers.example", zh);
  assert.equal(
    text,
    "答：“给予不超过500万元一次性奖补。”[1]\n\n依据：\n[1] 《若干意见》（湘政办发〔2026〕15号）（四）支持创新产品产业化落地 [征求意见稿]\nhttps://answers.example/d/hunan/%E4%B8%80?q=1-2#quote",
  );
});

test("the language is the first that is named", () => {
  assert.equal(textsFor("en", "zh-CN"), en);
  assert.equal(textsFor(null, "zh-CN", "en"), zh);
  assert.equal(textsFor("", "", "zh-TW"), hant);
  assert.equal(textsFor("zh-Hant-HK"), hant);
  assert.equal(textsFor("fr-FR"), en);
  assert.equal(textsFor(undefined, null), zh);
});

test("every language says everything", () => {
  const shape = (value: unknown): unknown =>
    typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)])) : typeof value;
  assert.deepEqual(shape(en), shape(zh));
  assert.deepEqual(shape(hant), shape(zh));
});

test("records that lack fields, or hold others, are read all the same", () => {
  for (const value of [null, 1, "x", [], {}, { citations: [null, 1, {}], refusal: [], warnings: [1], outcome: "other", suggestions: {} }]) {
    const read = replyOf(value);
    assert.equal(read.outcome, "answered");
    assert.ok(Array.isArray(read.suggestions));
    TurnView.of("问", read, scene());
    assert.equal(arrivalOf(value).max_question_chars, 2000);
  }
  assert.equal(arrivalOf(rawArrival()).covered[0]!.status, "draft");
});

test("feedback goes out in the order it was given, though the first takes longer", async () => {
  const sent: string[] = [];
  const waits = [20, 0];
  const view = TurnView.of("问", reply(), scene({
    feedback: async ({ thumb }) => {
      await new Promise((resolve) => setTimeout(resolve, waits.shift()));
      sent.push(thumb);
    },
  }));
  const [up, down] = view.element.querySelectorAll<HTMLButtonElement>(".tools .icon-button");
  down!.scrollIntoView ??= () => undefined;
  down!.click();
  up!.click();
  const thanked = () => view.element.querySelector(".said")?.textContent === zh.thanks;
  for (let tries = 0; tries < 1000 && !(sent.length === 2 && thanked()); tries += 1) await later(5);
  assert.deepEqual(sent, ["down", "up"]);
  assert.ok(thanked());
});

const later = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

test("a comment that does not arrive stays to be sent again, and the thumb tells what the service has", async () => {
  let away = false;
  const sent: string[] = [];
  const view = TurnView.of("问", reply(), scene({
    feedback: async ({ thumb, text }) => {
      if (away) throw new Error("away");
      sent.push(thumb + text);
    },
  }));
  const [up, down] = view.element.querySelectorAll<HTMLButtonElement>(".tools .icon-button");
  up!.click();
  up!.click();
  await later();
  assert.deepEqual(sent, ["up"]);
  away = true;
  down!.click();
  await later();
  assert.equal(up!.getAttribute("aria-pressed"), "true");
  assert.equal(down!.getAttribute("aria-pressed"), "false");
  const form = view.element.querySelector<HTMLFormElement>(".reasons")!;
  form.querySelector("textarea")!.value = "换了";
  const submit = () => form.dispatchEvent(new window.Event("submit", { cancelable: true }));
  submit();
  await later();
  assert.equal(view.element.querySelector(".said")?.textContent, zh.notSent);
  assert.equal(view.element.querySelector(".reasons textarea"), form.querySelector("textarea"));
  away = false;
  submit();
  await later();
  assert.deepEqual(sent, ["up", "down换了"]);
  assert.equal(down!.getAttribute("aria-pressed"), "true");
  assert.equal(view.element.querySelector(".reasons"), null);
});

test("screen readers hear the outcome, the words and whom to turn to", () => {
  const said: string[] = [];
  const view = new TurnView("问", scene({ announce: (words) => void said.push(words) }), () => undefined);
  view.asking();
  view.done(reply({ outcome: "refused", text: "没有规定。", citations: [], warnings: ["draft"], rewritten: "别的" }));
  for (const words of [zh.outcomes.refused, "没有规定。", zh.handoff]) assert.ok(said.at(-1)!.includes(words), words);
  assert.ok(!texts(view.element).includes("别的"));
});

const clicked = (button: Element, detail = 1) => button.dispatchEvent(new window.MouseEvent("click", { detail, bubbles: true }));

test("all is deleted at a second press that is meant, and one at a single click", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const real = performance.now;
  let now = 0;
  performance.now = () => now;
  try {
    const kept = [1, 2].map((n) => ({ id: String(n), server: null, updated: n, turns: [] }));
    const removed: string[] = [];
    const place = history(
      { heading: "h3", lasting: true, list: () => kept, open: () => undefined, back: () => undefined, announce: () => undefined, remove: async ({ id }) => removed.push(id) > 0 },
      zh,
    );
    const all = place.querySelector(".danger")!;
    clicked(all);
    assert.equal(all.textContent, zh.removeAllSure);
    now = 300;
    clicked(all);
    now = 6000;
    mock.timers.tick(6000);
    assert.equal(all.textContent, zh.removeAll);
    clicked(all);
    now = 7000;
    clicked(all, 2);
    assert.deepEqual(removed, []);
    clicked(all);
    assert.ok([...place.querySelectorAll<HTMLButtonElement>("li .icon-button")].every(({ disabled }) => disabled));
    for (let n = 0; n < 9; n += 1) await Promise.resolve();
    assert.deepEqual(removed, ["1", "2"]);
    clicked(place.querySelector("li .icon-button")!, 2);
    assert.equal(removed.length, 2);
  } finally {
    performance.now = real;
    mock.timers.reset();
  }
});

test("a question that is not taken stays in the field, and a double click sends without stopping", () => {
  let taken = false;
  let stops = 0;
  const composer = new Composer(zh, () => taken, () => (stops += 1));
  const submit = () => composer.element.dispatchEvent(new window.Event("submit", { cancelable: true }));
  composer.draft = "甲";
  submit();
  assert.equal(composer.draft, "甲");
  const real = performance.now;
  performance.now = () => 1e9;
  try {
    taken = true;
    submit();
    composer.busy = true;
    submit();
    assert.deepEqual([composer.draft, stops], ["", 0]);
    performance.now = () => 1e9 + 600;
    submit();
    assert.equal(stops, 1);
  } finally {
    performance.now = real;
  }
});

test("Esc of an input method closes nothing", () => {
  const key = (change: object) => ({ key: "Escape", isComposing: false, keyCode: 27, ...change }) as unknown as Event;
  assert.ok(escapes(key({})));
  assert.ok(!escapes(key({ isComposing: true })));
  assert.ok(!escapes(key({ keyCode: 229 })));
});
