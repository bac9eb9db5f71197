import assert from "node:assert/strict";
import { test } from "node:test";
import { Interview, MOST_QUESTIONS, nextQuestion } from "../src/eligibility/interview";
import { profileOf, tenThousands } from "../src/eligibility/profile";
import { en } from "../src/eligibility/texts/en";
import { hant } from "../src/eligibility/texts/hant";
import { zh } from "../src/eligibility/texts/zh";
import type { Match, Matches } from "../src/eligibility/wire";
import { matchesOf } from "../src/eligibility/wire";
import { chance } from "./page";

const quote = (text: string) => ({ text, start: 0, end: text.length });

/** A reply with one fact for each list of conditions: "place:本省". An aspect that is empty is left open by the paper. */
function replyWith(...facts: string[][]): Matches {
  const to_confirm = facts.map((conditions) => ({
    fact: { quote: quote("给予奖补。") },
    questions: conditions.map((one) => {
      const [aspect, words = ""] = one.split(":");
      return { why: "condition", question: words, aspect: aspect || null, quote: quote(words) };
    }),
  }));
  return matchesOf({ as_of: "2026-03-01", applies: [], to_confirm });
}

const open = (...facts: string[][]): Match[] => replyWith(...facts).to_confirm;

test("the next question is the one that settles most facts by itself", () => {
  const place = ["place:本省", "size:中型"];
  assert.equal(nextQuestion(open(place, place, place, ["revenue:5000万元"], ["revenue:1亿元"], ["size:中型"]), [], [])!.aspect, "revenue");
  assert.equal(nextQuestion(open(["place:本省", "size:中型"], ["place:本省", "type:企业"]), [], [])!.aspect, "place");
});

test("a list of conditions, of which some are ticked, counts less than an answer", () => {
  const facts = open(["history:甲"], ["history:乙"], ["history:丙"], ["size:中型"], ["size:小型"]);
  assert.equal(nextQuestion(facts, [], [])!.aspect, "size");
  assert.equal(nextQuestion(facts.slice(0, 4), [], [])!.aspect, "history");
});

test("each word of a fact leads to its own place, without the digest of the quote", () => {
  const span = (text: string, start: number) => ({ text, start, end: start + text.length });
  const fact = {
    document_id: "hunan",
    permalink: "/d/hunan/%E4%B8%80?q=449-497-9c648efb#quote",
    quote: span("给予不超过500万元奖补", 449),
    amounts: [{ span: span("500万元", 454), bound_span: span("不超过", 451), per: null, role: "cap" }],
  };
  const proof = { ...span("以上", 4), permalink: "/d/hunan/x?q=4-6-00ff#quote" };
  const [found] = matchesOf({ applies: [{ fact }], papers: [{ document_id: "hunan", rules: [{ kind: "total_cap", quote: proof }] }] }).applies;
  assert.deepEqual(found!.values[0]!.words.map(({ text, permalink }) => [text, permalink]), [
    ["不超过", "/d/hunan/%E4%B8%80?q=451-454#quote"],
    ["500万元", "/d/hunan/%E4%B8%80?q=454-459#quote"],
  ]);
  assert.equal(found!.rules[0]!.quote.permalink, proof.permalink);
});

test("an answer that was not understood is told in every language", () => {
  const { not_understood } = matchesOf({ not_understood: [{ aspect: "place", text: "桃花源里" }, { aspect: "size", text: "" }, null] });
  assert.deepEqual(not_understood, ["桃花源里"]);
  assert.deepEqual(matchesOf({}).not_understood, []);
  for (const words of [zh, hant, en]) assert.match(words.unread(not_understood), /“桃花源里”/);
});

test("what the paper leaves open is not asked, and does not keep other conditions from being asked", () => {
  assert.equal(nextQuestion(open([":择优"], [":择优"]), [], []), null);
  assert.equal(nextQuestion(open([":择优", "size:中型"], [":择优"]), [], [])!.aspect, "size");
});

test("conditions are listed once, those of most facts first, and not again", () => {
  const facts = open(["history:甲"], ["history:乙"], ["history:乙"], ["history:丙", "history:乙"]);
  const first = nextQuestion(facts, [], [])!;
  assert.deepEqual(first.quotes.map(({ text }) => text), ["乙", "甲", "丙"]);
  assert.equal(first.facts, 4);
  assert.equal(nextQuestion(facts, [{ aspect: "history", words: [] }], [first]), null);
});

test("whatever is answered or skipped, at most six questions are asked and none twice", () => {
  const random = chance(7);
  const aspects = ["place", "type", "industry", "product", "stage", "size", "revenue", "investment", "figures", "history", ""];
  for (let round = 0; round < 200; round += 1) {
    const interview = new Interview();
    const asked: string[] = [];
    do {
      assert.ok(interview.number <= MOST_QUESTIONS);
      const { aspect, quotes } = interview.question;
      const key = aspect === "history" ? quotes.map(({ text }) => text).join() : aspect;
      assert.ok(!asked.includes(key), key);
      asked.push(key);
      interview.answer(random() < 0.5 ? [] : ["1"]);
      const facts = Array.from({ length: 1 + Math.floor(random() * 8) }, () =>
        Array.from({ length: 1 + Math.floor(random() * 3) }, () => `${aspects[Math.floor(random() * aspects.length)]!}:${Math.floor(random() * 20)}`),
      );
      interview.next(replyWith(...facts));
    } while (interview.open);
  }
});

test("going back takes the last answer out of the profile and returns it", () => {
  const interview = new Interview();
  interview.answer(["益阳的中药企业"]);
  interview.next(replyWith(["revenue:5000万元"]));
  interview.answer(["6000"]);
  assert.deepEqual(interview.profile, { sentence: "益阳的中药企业", revenue: 60_000_000 });
  interview.back();
  assert.equal(interview.question.aspect, "revenue");
  assert.deepEqual(interview.earlier, ["6000"]);
  assert.deepEqual(interview.profile, { sentence: "益阳的中药企业" });
  interview.back();
  assert.deepEqual(interview.profile, {});
  interview.clear();
  assert.deepEqual([interview.number, interview.earlier], [1, []]);
});

test("a profile has what was answered only", () => {
  assert.deepEqual(profileOf([{ aspect: "sentence", words: [] }, { aspect: "size", words: [] }]), {});
  const profile = profileOf([
    { aspect: "sentence", words: ["在湖南"] },
    { aspect: "history", words: ["首次获批", "通过一致性评价"] },
    { aspect: "more", words: ["研发投入 800 万元"] },
    { aspect: "type", words: ["企业"] },
  ]);
  assert.deepEqual(profile, { sentence: "在湖南。研发投入 800 万元", type: "企业", events: [{ what: "首次获批" }, { what: "通过一致性评价" }] });
});

test("sums are read as people type them", () => {
  for (const [typed, value] of [["6000", 6000], ["６０００万元", 6000], ["1,200.5 万", 1200.5], [" 0.01", 0.01]] as const) assert.equal(tenThousands(typed), value, typed);
  for (const typed of ["", "很多", "-5", "1e9", "5亿", "6000元", "0x10", "1.23456"]) assert.ok(Number.isNaN(tenThousands(typed)), typed);
});

test("a reply that lacks everything is an empty result", () => {
  for (const value of [null, {}, [], { applies: {}, to_confirm: "x", does_not_apply: [null, 3] }]) {
    const { applies, to_confirm } = matchesOf(value);
    assert.deepEqual([applies, to_confirm], [[], []]);
  }
});

test("the words of all languages are for the same things", () => {
  const shape = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([name, inner]) => [name, shape(inner)])
      : typeof value;
  assert.deepEqual(shape(en), shape(zh));
  assert.deepEqual(shape(hant), shape(zh));
  assert.deepEqual([en, hant].map(({ types }) => types.map(([, value]) => value)), [zh, zh].map(({ types }) => types.map(([, value]) => value)));
});
