import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Ask, AskEvent, Client } from "../src/client";
import { Device } from "../src/device";
import { Problem } from "../src/problem";
import type { Listener } from "../src/session";
import { Session } from "../src/session";
import type { TextStore } from "../src/text-store";
import { MemoryStore } from "../src/text-store";
import { arrivalOf } from "../src/wire";
import { rawArrival, reply } from "./page";

type Step = AskEvent | Problem | "hang";

/** A service whose replies are laid out beforehand, a list of events for each question. */
class Laid {
  readonly server = "https://answers.example";
  readonly asked: Ask[] = [];
  readonly forgotten: string[] = [];
  begun = 0;
  awaited = Promise.resolve();
  away = false;

  constructor(
    private readonly replies: Step[][],
    private readonly keeps: boolean,
  ) {}

  async arrival() {
    await this.awaited;
    return arrivalOf(rawArrival({ keeps_conversations: this.keeps }));
  }

  async begin(): Promise<string> {
    return `c${(this.begun += 1)}`;
  }

  async forget(id: string): Promise<void> {
    if (this.away) throw new Problem("unreachable");
    this.forgotten.push(id);
  }

  async *ask(ask: Ask, signal: AbortSignal): AsyncGenerator<AskEvent> {
    this.asked.push(ask);
    for (const step of this.replies.shift() ?? [{ reply: reply() }]) {
      if (step instanceof Problem) throw step;
      if (step === "hang") await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("", "AbortError"))));
      else yield step;
    }
  }
}

class Heard implements Listener {
  readonly all: string[] = [];
  asking = (): void => void this.all.push("asking");
  head = (): void => void this.all.push("head");
  text = (words: string): void => void this.all.push(words);
  done = (): void => void this.all.push("done");
  waiting = (seconds: number): void => void this.all.push(`waiting ${seconds}`);
  stopped = (): void => void this.all.push("stopped");
  failed = (problem: Problem): void => void this.all.push(`failed ${problem.kind}`);
}

class LastingStore extends MemoryStore implements TextStore {
  override readonly lasting = true as unknown as false;
}

function made(replies: Step[][], { keeps = false, store = new LastingStore() as TextStore } = {}) {
  const client = new Laid(replies, keeps);
  const device = new Device(store, client.server, "");
  return { client, device, session: new Session(client as unknown as Client, device) };
}

test("what was said goes along, whole replies only", async () => {
  const { client, session } = made([[{ reply: reply({ text: "第一" }) }], [{ text: "半" }, new Problem("cut")]]);
  for (const question of ["甲", "乙", "丙"]) await session.ask(question, new Heard());
  assert.deepEqual(client.asked[2]!.history, [
    { role: "user", content: "甲" },
    { role: "assistant", content: "第一" },
  ]);
  assert.deepEqual(session.conversation.turns.map(({ question }) => question), ["甲", "丙"]);
});

test("a service that keeps conversations is told the id instead", async () => {
  const { client, device, session } = made([], { keeps: true });
  await session.ask("甲", new Heard());
  await session.ask("乙", new Heard());
  assert.equal(client.begun, 1);
  assert.deepEqual(client.asked.map(({ conversation, history }) => [conversation, history.length]), [["c1", 0], ["c1", 0]]);
  assert.equal(device.conversations()[0]!.server, "c1");
});

test("where the device keeps nothing, the service is not asked to keep the conversation either", async () => {
  const { client, session } = made([], { keeps: true, store: new MemoryStore() });
  await session.ask("甲", new Heard());
  assert.equal(client.begun, 0);
  assert.equal(client.asked[0]!.conversation, null);
});

test("a conversation that the service has forgotten goes on by what the device knows", async () => {
  const { client, session } = made([[{ reply: reply() }], [new Problem("unknown-conversation")], [{ reply: reply() }]], { keeps: true });
  const heard = new Heard();
  await session.ask("甲", new Heard());
  await session.ask("乙", heard);
  assert.deepEqual(client.asked[2], { question: "乙", conversation: null, history: client.asked[2]!.history });
  assert.equal(client.asked[2]!.history.length, 2);
  assert.equal(heard.all.at(-1), "done");
});

test("busy is waited for once, and told", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { session } = made([[new Problem("busy", 2)], [{ text: "答" }, { reply: reply() }]]);
    const heard = new Heard();
    const asking = session.ask("甲", heard);
    for (let n = 0; n < 10; n += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(1000);
    }
    await asking;
    assert.deepEqual(heard.all, ["asking", "waiting 2", "waiting 1", "asking", "答", "done"]);
  } finally {
    mock.timers.reset();
  }
});

test("busy for long, or too many questions, is left to the visitor", async () => {
  for (const problem of [new Problem("busy", 300), new Problem("rate-limited", 2)]) {
    const { client, session } = made([[problem]]);
    const heard = new Heard();
    await session.ask("甲", heard);
    assert.deepEqual(heard.all, ["asking", `failed ${problem.kind}`]);
    assert.equal(client.asked.length, 1);
  }
});

test("stopping tells so, keeps nothing, and frees the session", async () => {
  const { device, session } = made([[{ text: "半" }, "hang"]]);
  const heard = new Heard();
  const asking = session.ask("甲", heard);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(session.busy);
  session.stop();
  await asking;
  assert.deepEqual(heard.all, ["asking", "半", "stopped"]);
  assert.equal(session.busy, false);
  assert.deepEqual(device.conversations(), []);
});

test("two pages that go on with one conversation end up with two", async () => {
  const store = new LastingStore();
  const [one, other] = [made([], { store }), made([], { store })];
  await one.session.ask("甲", new Heard());
  other.session.turnTo(other.device.conversations()[0]);
  await one.session.ask("乙", new Heard());
  await other.session.ask("丙", new Heard());
  const kept = one.device.conversations().map(({ turns }) => turns.map(({ question }) => question).join(""));
  assert.deepEqual(kept.sort(), ["甲丙", "甲乙"].sort());
});

const ticks = () => new Promise((resolve) => setImmediate(resolve));

test("a question without an answer goes from the service, and stays on the list until it has gone", async () => {
  const { client, device, session } = made([["hang"], [new Problem("cut")], [{ reply: reply() }]], { keeps: true });
  const asking = session.ask("甲", new Heard());
  await ticks();
  assert.deepEqual(device.conversations().map(({ server, turns }) => [server, turns.length]), [["c1", 0]]);
  session.stop();
  await asking;
  await ticks();
  assert.deepEqual(client.forgotten, ["c1"]);
  assert.deepEqual(device.conversations(), []);
  client.away = true;
  await session.ask("乙", new Heard());
  await ticks();
  assert.deepEqual(device.conversations().map(({ server }) => server), ["c2"]);
  await session.ask("丙", new Heard());
  assert.deepEqual(device.conversations().map(({ server }) => server).sort(), ["c2", "c3"]);
});

test("a deleted conversation is not asked to be forgotten once more", async () => {
  const { client, device, session } = made([["hang"]], { keeps: true });
  const asking = session.ask("甲", new Heard());
  await ticks();
  device.drop(session.conversation.id);
  session.turnTo();
  await asking;
  assert.deepEqual(client.forgotten, []);
});

test("stopping works while the service does not say a word, and another conversation is free at once", async () => {
  const { client, session } = made([]);
  client.awaited = new Promise(() => undefined);
  const heard = new Heard();
  const asking = session.ask("甲", heard);
  session.turnTo();
  assert.equal(session.busy, false);
  await asking;
  assert.deepEqual(heard.all, ["asking", "stopped"]);
});

test("what a full device cannot list, the service does not keep", async () => {
  const store = new LastingStore();
  store.put = () => false;
  const { client, session } = made([], { keeps: true, store });
  await session.ask("甲", new Heard());
  assert.deepEqual(client.forgotten, ["c1"]);
  assert.equal(client.asked[0]!.conversation, null);
  assert.equal(session.conversation.turns.length, 1);
});

test("what could not be forgotten then is forgotten later", async () => {
  const { client, device, session } = made([]);
  for (const [id, updated] of [["old", 1], ["new", Date.now()]] as const) device.keep({ id, server: `of ${id}`, updated, turns: [] });
  await session.ask("甲", new Heard());
  await ticks();
  assert.deepEqual(client.forgotten, ["of old"]);
  assert.equal(device.conversation("old"), null);
  assert.notEqual(device.conversation("new"), null);
});
