import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerEvent } from "../src/sse";
import { EventReader } from "../src/sse";
import { chance } from "./page";

const EVENTS: ServerEvent[] = [
  { event: "citations", data: '{"id":"一"}' },
  { event: "text", data: '{"text":"奖补500万元。😀"}' },
  { event: "message", data: "first\nsecond" },
  { event: "reply", data: "" },
];

function stream(lineBreak: string): Uint8Array {
  const text = ": ping\n\nevent: citations\ndata: {\"id\":\"一\"}\n\nevent:text\nid: 7\ndata:{\"text\":\"奖补500万元。😀\"}\n\n"
    + "data: first\ndata: second\n\nevent: nothing\n\nevent: reply\ndata\n\nevent: cut\ndata: never told\n";
  return new TextEncoder().encode(text.replaceAll("\n", lineBreak));
}

function read(bytes: Uint8Array, cuts: number[]): ServerEvent[] {
  const reader = new EventReader();
  const edges = [0, ...cuts, bytes.length];
  return edges.slice(1).flatMap((end, index) => reader.push(bytes.slice(edges[index], end)));
}

for (const [name, lineBreak] of [["LF", "\n"], ["CRLF", "\r\n"], ["CR", "\r"]] as const) {
  test(`events with ${name} are the same wherever the stream is cut once`, () => {
    const bytes = stream(lineBreak);
    for (let cut = 0; cut <= bytes.length; cut += 1) assert.deepEqual(read(bytes, [cut]), EVENTS, `cut at ${cut}`);
  });

  test(`events with ${name} are the same when cut anywhere many times, also byte by byte`, () => {
    const bytes = stream(lineBreak);
    const random = chance(7);
    for (let round = 0; round < 300; round += 1) {
      const cuts = Array.from({ length: 12 }, () => Math.floor(random() * bytes.length)).sort((a, b) => a - b);
      assert.deepEqual(read(bytes, cuts), EVENTS);
    }
    assert.deepEqual(read(bytes, [...bytes.keys()]), EVENTS);
  });
}
