import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import type { AskEvent } from "../src/client";
import { Client } from "../src/client";
import { Problem } from "../src/problem";
import { rawArrival, rawReply } from "./page";

type Answer = (path: string, init: RequestInit) => Response | Promise<Response>;

const calls: { path: string; init: RequestInit }[] = [];
const real = globalThis.fetch;

function serve(answer: Answer): void {
  calls.length = 0;
  globalThis.fetch = async (input, init = {}) => {
    const path = String(input).replace("https://answers.example", "");
    calls.push({ path, init });
    return answer(path, init);
  };
}

afterEach(() => {
  globalThis.fetch = real;
});

const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });

const problem = (kind: string, status: number, headers: Record<string, string> = {}): Response =>
  json({ type: `urn:problem-type:zhengwen:${kind}`, title: "", status, detail: "" }, status, headers);

function told(...events: [string, unknown][]): Response {
  const text = events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join("");
  return new Response(text, { headers: { "Content-Type": "text/event-stream; charset=utf-8" } });
}

const keeper = (secret = "") => ({ secret });
const client = (kept = keeper()): Client => new Client("https://answers.example", "zws_1", kept);

async function asked(of: Client, signal = new AbortController().signal): Promise<AskEvent[]> {
  const events: AskEvent[] = [];
  for await (const event of of.ask({ question: "问", history: [], conversation: null }, signal)) events.push(event);
  return events;
}

const bearer = (init: RequestInit): string | null => new Headers(init.headers).get("Authorization");

test("a visitor arrives once, and the secret is kept for the next time", async () => {
  serve(() => json(rawArrival()));
  const kept = keeper("earlier");
  const one = client(kept);
  await Promise.all([one.arrival(), one.arrival()]);
  assert.equal(calls.length, 1);
  assert.deepEqual(JSON.parse(String(calls[0]!.init.body)), { site: "zws_1", visitor: "earlier" });
  assert.equal(kept.secret, "secret-1");
});

test("a token that the service calls expired is renewed and the request repeated once", async () => {
  let arrivals = 0;
  serve((path, init) => {
    if (path === "/v1/visitors") return json(rawArrival({ token: `token-${(arrivals += 1)}` }));
    return bearer(init) === "Bearer token-1" ? problem("token-expired", 401) : new Response(null, { status: 204 });
  });
  await client().feedback({ answer: "a", thumb: "up", reason: null, text: "" });
  assert.deepEqual(calls.map(({ path }) => path), ["/v1/visitors", "/v1/feedback", "/v1/visitors", "/v1/feedback"]);
  assert.equal(bearer(calls[3]!.init), "Bearer token-2");
});

test("a service that refuses every token is not asked for ever", async () => {
  serve((path) => (path === "/v1/visitors" ? json(rawArrival()) : problem("token-invalid", 401)));
  await assert.rejects(client().feedback({ answer: "a", thumb: "up", reason: null, text: "" }), { kind: "token-invalid" });
  assert.equal(calls.length, 4);
});

test("a token near its end is renewed before use", async () => {
  serve((path) => (path === "/v1/visitors" ? json(rawArrival({ expires_in: 0 })) : new Response(null, { status: 204 })));
  const one = client();
  const now = Date.now;
  await one.arrival();
  Date.now = () => now() + 2000;
  try {
    await one.arrival();
  } finally {
    Date.now = now;
  }
  assert.equal(calls.length, 2);
});

test("after a failed arrival the next one is tried", async () => {
  let first = true;
  serve(() => {
    if (!first) return json(rawArrival());
    first = false;
    return problem("busy", 503, { "Retry-After": "3" });
  });
  const one = client();
  await assert.rejects(one.arrival(), (error) => error instanceof Problem && error.kind === "busy" && error.wait === 3);
  assert.equal((await one.arrival()).token, "token-1");
});

test("a reply comes in parts, then whole", async () => {
  const { text: _, suggestions: __, ...head } = rawReply();
  serve((path) =>
    path === "/v1/visitors" ? json(rawArrival()) : told(["citations", head], ["text", { text: "答：" }], ["text", { text: "…" }], ["reply", rawReply()]),
  );
  const events = await asked(client());
  assert.deepEqual(events.map((event) => Object.keys(event)[0]), ["head", "text", "text", "reply"]);
  assert.match(new Headers(calls[1]!.init.headers).get("Accept")!, /text\/event-stream/);
});

test("a service that answers in one piece is understood too", async () => {
  serve((path) => json(path === "/v1/visitors" ? rawArrival() : rawReply()));
  const events = await asked(client());
  assert.deepEqual(events.map((event) => Object.keys(event)), [["reply"]]);
});

test("a stream that ends early is cut, one that tells a problem has that problem", async () => {
  serve((path) => (path === "/v1/visitors" ? json(rawArrival()) : told(["text", { text: "答" }])));
  await assert.rejects(asked(client()), { kind: "cut" });
  serve((path) => (path === "/v1/visitors" ? json(rawArrival()) : told(["problem", { type: "urn:problem-type:zhengwen:index-unavailable" }])));
  await assert.rejects(asked(client()), { kind: "index-unavailable" });
});

test("a connection that breaks within the stream is cut", async () => {
  serve((path) => {
    if (path === "/v1/visitors") return json(rawArrival());
    const body = new ReadableStream({
      start: (control) => control.enqueue(new TextEncoder().encode("event: te")),
      pull: (control) => control.error(new TypeError("network error")),
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  });
  await assert.rejects(asked(client()), { kind: "cut" });
});

test("no connection at all is told as such", async () => {
  serve(() => {
    throw new TypeError("Failed to fetch");
  });
  await assert.rejects(client().arrival(), { kind: "unreachable" });
});

test("an error that is no problem+json has its status as kind", async () => {
  serve(() => new Response("<h1>Bad Gateway</h1>", { status: 502 }));
  await assert.rejects(client().arrival(), { kind: "http-502" });
});

test("leaving a reply early ends the connection", async () => {
  let cancelled = false;
  serve((path) => {
    if (path === "/v1/visitors") return json(rawArrival());
    const body = new ReadableStream({
      start: (control) => control.enqueue(new TextEncoder().encode('event: text\ndata: {"text":"a"}\n\n')),
      cancel: () => void (cancelled = true),
    });
    return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
  });
  for await (const _ of client().ask({ question: "问", history: [], conversation: null }, new AbortController().signal)) break;
  assert.ok(cancelled);
});

test("two chats that come at once are one visitor", async () => {
  let made = 0;
  const visitors: string[] = [];
  serve((_, init) => {
    const { visitor } = JSON.parse(String(init.body)) as { visitor: string };
    visitors.push(visitor);
    return json(rawArrival({ visitor: visitor || `secret-${(made += 1)}` }));
  });
  const shared = { secret: "", lasting: true };
  const [one, other] = await Promise.all([client(shared).arrival(), client(shared).arrival()]);
  assert.equal(one.visitor, other.visitor);
  assert.equal(shared.secret, one.visitor);

  let last: Promise<unknown> = Promise.resolve();
  const locks = { request: (_: string, work: () => Promise<unknown>) => (last = last.then(work)) };
  Object.defineProperty(navigator, "locks", { value: locks, configurable: true });
  try {
    visitors.length = 0;
    shared.secret = "";
    await Promise.all([client(shared).arrival(), client(shared).arrival()]);
    assert.deepEqual(visitors, ["", shared.secret]);
  } finally {
    Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
  }
});

test("a service that never answers cannot be reached, and stopping does not wait for it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const hanging = (_: string, { signal }: RequestInit) =>
      new Promise<Response>((__, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
    serve(hanging);
    const arriving = assert.rejects(client().arrival(), { kind: "unreachable" });
    mock.timers.tick(25_000);
    await arriving;
    const abort = new AbortController();
    const asking = assert.rejects(asked(client(), abort.signal), { name: "AbortError" });
    abort.abort();
    await asking;
  } finally {
    mock.timers.reset();
  }
});
