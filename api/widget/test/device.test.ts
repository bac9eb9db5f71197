import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation } from "../src/device";
import { Device, newConversation } from "../src/device";
import { Place } from "../src/tab-conversation";
import { MemoryStore, browserStore } from "../src/text-store";
import { reply } from "./page";

/** A browser's storage that holds so many characters. */
class SmallStorage implements Storage {
  #kept = new Map<string, string>();
  [name: string]: unknown;

  constructor(private readonly room = Infinity) {}

  get length(): number {
    return this.#kept.size;
  }

  key(n: number): string | null {
    return [...this.#kept.keys()][n] ?? null;
  }

  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    const others = [...this.#kept].filter(([kept]) => kept !== key);
    const used = others.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
    if (used + key.length + value.length > this.room) throw new DOMException("full", "QuotaExceededError");
    this.#kept.set(key, value);
  }

  removeItem(key: string): void {
    this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
  }
}

const device = (storage: Storage): Device => new Device(browserStore(() => storage), "https://answers.example", "zws_1");

function conversation(question: string, updated: number): Conversation {
  return { ...newConversation(), updated, turns: [{ question, reply: reply() }] };
}

const questions = (of: Device): (string | undefined)[] => of.conversations().map(({ turns }) => turns[0]?.question);

test("what is kept is there for the next page, newest first", () => {
  const storage = new SmallStorage();
  const before = device(storage);
  before.keep(conversation("一", 1));
  before.keep(conversation("二", 2));
  before.secret = "secret";
  const after = device(storage);
  assert.ok(after.lasting);
  assert.deepEqual(questions(after), ["二", "一"]);
  assert.equal(after.secret, "secret");
  assert.deepEqual(after.conversations()[0]!.turns[0]!.reply, reply());
});

test("two pages that write side by side lose nothing", () => {
  const storage = new SmallStorage();
  const [one, other] = [device(storage), device(storage)];
  one.conversations();
  other.keep(conversation("那边", 1));
  one.keep(conversation("这边", 2));
  assert.deepEqual(questions(one), ["这边", "那边"]);
});

test("other sites on the same page have their own", () => {
  const storage = new SmallStorage();
  device(storage).keep(conversation("一", 1));
  assert.deepEqual(new Device(browserStore(() => storage), "https://answers.example", "zws_2").conversations(), []);
});

test("a full storage gives up the oldest, and what is dropped is gone", () => {
  const room = JSON.stringify(conversation("一", 1)).length * 2.8;
  const one = device(new SmallStorage(room));
  for (const [n, question] of ["一", "二", "三", "四"].entries()) one.keep(conversation(question, n));
  assert.deepEqual(questions(one), ["四", "三"]);
  one.drop(one.conversations()[0]!.id);
  assert.deepEqual(questions(one), ["三"]);
});

test("a storage with no room at all costs nothing but permanence", () => {
  const one = device(new SmallStorage(40));
  one.keep(conversation("一", 1));
  one.secret = "a secret longer than the room there is";
  assert.deepEqual(questions(one), ["一"]);
  assert.equal(one.secret, "a secret longer than the room there is");
});

test("a blocked storage is replaced by the memory of the page", () => {
  const store = browserStore(() => {
    throw new DOMException("denied", "SecurityError");
  });
  const one = new Device(store, "https://answers.example", "");
  one.keep(conversation("一", 1));
  assert.equal(one.lasting, false);
  assert.deepEqual(questions(one), ["一"]);
});

test("no more than fifty conversations are kept", () => {
  const one = new Device(new MemoryStore(), "https://answers.example", "");
  for (let n = 0; n < 60; n += 1) one.keep(conversation(String(n), n));
  assert.equal(one.conversations().length, 50);
  assert.equal(questions(one)[0], "59");
});

test("what others have written into the storage is no conversation", () => {
  const storage = new SmallStorage();
  for (const [n, value] of ["", "null", "[]", "{", '{"turns":1}', '{"updated":1,"turns":[null]}', '"text"'].entries()) {
    storage.setItem(`zhengwen:https://answers.example:zws_1:c:${n}`, value);
  }
  assert.deepEqual(device(storage).conversations(), []);
});

test("a storage that is full before the chat comes is still read and cleared", () => {
  const value = JSON.stringify(conversation("一", 1));
  const full = new SmallStorage(value.length + 60);
  full.setItem("zhengwen:https://answers.example:zws_1:c:1", value);
  const one = device(full);
  assert.ok(one.lasting);
  assert.deepEqual(questions(one), ["一"]);
  one.drop("1");
  assert.deepEqual(questions(one), []);
});

test("the place of a chat that has left the page is free again", () => {
  const one = device(new SmallStorage());
  const store = new MemoryStore();
  const kept = conversation("一", 1);
  one.keep(kept);
  const first = new Place(store, one, "here");
  first.remember(kept);
  assert.equal(new Place(store, one, "here").recall(), null);
  first.release();
  assert.equal(new Place(store, one, "here").recall()?.id, kept.id);
});
