/** The chat: head, conversation and input field. Independent of the page around it. */

import type { Client, Feedback } from "./client";
import type { Conversation, Device } from "./device";
import { Cover } from "./cover";
import { freshId, h, hasFocus, iconButton, set } from "./dom";
import { EligibilityForm } from "./eligibility-form";
import type { Texts } from "./language";
import { Problem, unreached } from "./problem";
import type { Session } from "./session";
import { Composer } from "./views/composer";
import { history } from "./views/history";
import type { Scene } from "./views/view-context";
import { trouble } from "./views/error";
import { TurnView } from "./views/turn";
import { welcome } from "./views/welcome";
import type { Arrival, Covered } from "./wire";

const SAY_MS = 60; // so that a screen reader notices that the region was emptied

export interface ChatParts {
  client: Client;
  device: Device;
  session: Session;
  texts: Texts;
  /** Title set by the page; empty for the site's, or ours. */
  heading: string;
  /** Whether the chat is the whole page, and its title that of the page. */
  whole: boolean;
  /** `none`: the form “能申请什么” is not offered; `first`: it is shown before the conversation. */
  eligibility: string;
  /** Closes the chat; null where it is always open. */
  close: (() => void) | null;
  /** Called when a question is answered, with the outcome. */
  answered(id: string, outcome: string): void;
  /** Called when a question is finished, answered or not. */
  ended(): void;
  /** Called with the conversation that continues. */
  turned(conversation: Conversation): void;
}

export class Chat implements Scene {
  readonly element: HTMLElement;
  readonly titleId = freshId();
  readonly texts: Texts;
  readonly server: string;
  readonly heading: "h2" | "h3";
  #arrival: Arrival | null = null;
  #title: HTMLElement;
  #log: HTMLElement;
  #composer: Composer;
  #main: HTMLElement;
  #offline: HTMLElement;
  #status = h("div", { class: "hidden", role: "status", "aria-live": "polite" });
  #cover: Cover;
  #form: EligibilityForm;
  #following: HTMLElement | null = null;
  #greeting: HTMLElement | null = null;
  #asked = false;
  #unanswered = "";
  #saying: ReturnType<typeof setTimeout> | undefined;
  #clock: HTMLButtonElement;
  #formFirst: boolean;

  constructor(private readonly parts: ChatParts) {
    const { texts, session, close } = parts;
    this.texts = texts;
    this.server = parts.client.server;
    this.heading = parts.whole ? "h2" : "h3";
    this.#title = h(parts.whole ? "h1" : "h2", { class: "title", id: this.titleId }, parts.heading || texts.title);
    const leave = (): void => void (this.#following = null);
    this.#log = h("div", {
      class: "log",
      role: "log",
      // The finished answer is announced as a whole, not word by word.
      "aria-live": "off",
      "aria-label": texts.log,
      tabindex: "0",
      wheel: leave,
      touchmove: leave,
      pointerdown: leave,
      keydown: leave,
    });
    this.#composer = new Composer(
      texts,
      (question) => this.ask(question),
      () => session.stop(),
    );
    this.#offline = h("p", { class: "offline", role: "status" });
    this.#main = h("div", { class: "main" }, this.#log, this.#offline, this.#composer.element);
    this.#cover = new Cover(this.#main);
    this.#formFirst = parts.eligibility === "first";
    this.#clock = iconButton("clock", texts.history, () => this.#toggleHistory());
    const list = iconButton("list", texts.eligibility, () => void this.#form.toggle());
    this.#form = new EligibilityForm(this.#cover, list, this, {
      match: (body, signal) => parts.client.match(body, signal),
      leave: () => this.#uncover(),
    });
    for (const opener of [this.#clock, list]) set(opener, { "aria-expanded": "false" });
    this.element = h(
      "div",
      { class: "chat", lang: texts.tag },
      h(
        "div",
        { class: "bar" },
        h("div", { class: "titles" }, this.#title, h("p", {}, texts.subtitle)),
        this.apply && list,
        iconButton("plus", texts.newConversation, () => {
          this.#turnTo();
          this.announce(texts.newConversation);
        }),
        this.#clock,
        close && iconButton("close", texts.close, close),
      ),
      this.#main,
      this.#status,
    );
    this.#draw();
  }

  get covered(): readonly Covered[] {
    return this.#arrival?.covered ?? [];
  }

  get apply(): (() => void) | null {
    if (this.parts.eligibility === "none") return null;
    return () => void this.#form.show();
  }

  get handoff(): string {
    return this.#arrival?.site.handoff || this.texts.handoff;
  }

  /** Requests the welcome texts from the service; again if that failed before. */
  async start(): Promise<void> {
    if (this.#formFirst) {
      this.#formFirst = false;
      void this.#form.show(hasFocus(this.element));
    }
    const before = this.#arrival;
    let arrival: Arrival;
    try {
      arrival = await this.parts.client.arrival();
    } catch (error) {
      if (!this.#arrival) this.#greet(trouble(problemOf(error), this, () => void this.start()));
      return;
    }
    this.#arrival = arrival;
    if (before && shown(before) === shown(arrival)) return;
    this.#title.textContent = this.parts.heading || arrival.site.title || this.texts.title;
    this.#composer.longest = arrival.max_question_chars;
    // Questions asked meanwhile stay as drawn; a restored conversation is drawn with the current data.
    if (this.#asked || before) this.#greet();
    else this.#draw();
  }

  /** Shows whether the device is connected. */
  set online(online: boolean) {
    this.#offline.textContent = online ? "" : this.texts.offline;
  }

  /** Focuses the field; on a phone the conversation, because the keyboard would hide it. */
  focus(): void {
    if (this.#form.shown) this.#form.focus();
    else if (window.matchMedia("(pointer: coarse)").matches) this.#log.focus({ preventScroll: true });
    else this.#composer.focus();
  }

  /** The chat has become visible: scroll to the last question. */
  shown(): void {
    this.#follow();
  }

  /** Closes a view that covers the conversation. Returns whether there was one. */
  back(): boolean {
    if (!this.#cover.open()) return false;
    this.#uncover();
    return true;
  }

  /** The visitor's text that has no answer yet. */
  get draft(): string {
    return this.#composer.draft || this.#unanswered;
  }

  set draft(draft: string) {
    this.#composer.draft = draft;
  }

  /** Returns whether the question is accepted: not while another is in progress, nor when it is empty or too long. */
  ask(words: string): boolean {
    const question = words.trim();
    if (!question || this.parts.session.busy) return false;
    this.#cover.close();
    if (this.#composer.refuses(question)) {
      this.focus();
      return false;
    }
    const view: TurnView = new TurnView(question, this, () => {
      if (!this.parts.session.busy) void this.#run(question, view);
    });
    this.#log.append(view.element);
    this.#asked = true;
    this.focus();
    void this.#run(question, view);
    return true;
  }

  async feedback(feedback: Feedback): Promise<void> {
    await this.parts.client.feedback(feedback);
  }

  announce(words: string): void {
    // Screen readers announce the same words again only in a region that was empty.
    this.#status.textContent = "";
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => void (this.#status.textContent = words), SAY_MS);
  }

  async #run(question: string, view: TurnView): Promise<void> {
    const { session, turned, answered, ended } = this.parts;
    const { turns } = session.conversation;
    const before = turns.length;
    this.#composer.busy = true;
    this.announce(this.texts.searching);
    this.#following = view.element;
    const watch = new ResizeObserver(() => this.#follow());
    watch.observe(view.element);
    try {
      await session.ask(question, view);
    } finally {
      this.#composer.busy = session.busy;
      // Wait for another frame: the last words are not laid out yet.
      setTimeout(() => watch.disconnect(), 100);
    }
    turned(session.conversation);
    const added = turns[before];
    this.#unanswered = added || turns !== session.conversation.turns ? "" : question;
    if (added) answered(added.reply.id, added.reply.outcome);
    if (added && !this.#arrival) void this.start();
    ended();
  }

  /** Scrolls to the end, but keeps the question visible. */
  #follow(): void {
    const turn = this.#following;
    if (!turn) return;
    const log = this.#log;
    log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, turn.offsetTop - 12);
  }

  #greet(trouble: HTMLElement | null = null): void {
    const greeting = welcome(this.#arrival, this);
    if (trouble) greeting.append(trouble);
    const held = this.#greeting !== null && hasFocus(this.#greeting);
    this.#greeting?.remove();
    this.#greeting = greeting;
    this.#log.prepend(greeting);
    if (held) this.focus();
  }

  #draw(): void {
    this.#asked = false;
    this.#unanswered = "";
    const held = hasFocus(this.#log) && !this.#log.matches(":focus");
    const turns = this.parts.session.conversation.turns.map(({ question, reply }) => TurnView.of(question, reply, this));
    this.#log.replaceChildren(...turns.map((turn) => turn.element));
    this.#greet();
    if (held) this.focus();
    const last = turns[turns.length - 1];
    if (last) {
      this.#following = last.element;
      this.#follow();
    }
  }

  #turnTo(conversation?: Conversation): void {
    this.parts.session.turnTo(conversation);
    this.parts.turned(this.parts.session.conversation);
    this.#cover.close();
    this.#composer.busy = false;
    this.#draw();
    this.focus();
  }

  /** Shows the conversation again, with the focus on the button that had covered it. */
  #uncover(): void {
    this.#cover.close()?.focus();
  }

  #toggleHistory(): void {
    if (this.#cover.open(this.#clock)) {
      this.#uncover();
      return;
    }
    const { device, session } = this.parts;
    const view = history(
      {
        heading: this.heading,
        lasting: device.lasting,
        list: () => device.conversations(),
        open: (conversation) => this.#turnTo(conversation),
        remove: (conversation) => this.#remove(conversation, session.conversation.id === conversation.id),
        back: () => this.#toggleHistory(),
        announce: (words) => this.announce(words),
      },
      this.texts,
    );
    this.#cover.show(view, this.#clock);
    view.focus();
  }

  /** First on the service: while it has the conversation, the device knows what to delete. */
  async #remove(conversation: Conversation, current: boolean): Promise<boolean> {
    const { client, device, session, turned } = this.parts;
    try {
      if (conversation.server) await client.forget(conversation.server);
    } catch (error) {
      if (!["unknown-conversation", "not-kept"].includes(problemOf(error).kind)) return false;
    }
    device.drop(conversation.id);
    if (current) {
      session.turnTo();
      turned(session.conversation);
      this.#composer.busy = false;
      this.#draw();
    }
    return true;
  }
}

/** The visible part of the visitor response; the rest changes with every token. */
function shown({ site, suggestions, covered, max_question_chars }: Arrival): string {
  return JSON.stringify([site, suggestions, covered, max_question_chars]);
}

function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : unreached();
}
