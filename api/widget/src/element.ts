/** `<zhengwen-chat>`: the attributes and methods for a page; creates and connects the parts of the chat. */

import { Chat } from "./chat";
import { Client } from "./client";
import { Device } from "./device";
import { h } from "./dom";
import { fitAboveKeyboard } from "./keyboard";
import { textsFor } from "./language";
import { webAddress } from "./links";
import { dress } from "./style-sheet";
import { Panel } from "./panel";
import { Place } from "./tab-conversation";
import { Session } from "./session";
import { MemoryStore, browserStore } from "./text-store";

/** All attributes. */
export const ATTRIBUTES = ["site", "server", "lang", "theme", "position", "mode", "open", "history", "heading", "eligibility"] as const;

/** The folder this module was loaded from, which is the address of the service. */
const HOME = new URL(".", import.meta.url).href;

interface Heart {
  client: Client;
  device: Device;
  session: Session;
  place: Place;
}

export class ZhengwenChat extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;

  #root = this.attachShadow({ mode: "open" });
  #heart: Heart | null = null;
  #chat: Chat | null = null;
  #panel: Panel | null = null;
  #release: (() => void) | null = null;
  /** Whether to rebuild the parts when the answer in progress has ended. */
  #due = false;
  #dark = window.matchMedia("(prefers-color-scheme: dark)");

  constructor() {
    super();
    dress(this.#root);
  }

  connectedCallback(): void {
    this.#dark.addEventListener("change", this.#paint);
    window.addEventListener("online", this.#connected);
    window.addEventListener("offline", this.#connected);
    if (this.#chat) {
      // Moved within the page: an answer in progress continues.
      if (this.#panel) this.#panel.moved();
      else this.#chat.shown();
      return;
    }
    this.#heart?.place.take();
    this.#build();
  }

  disconnectedCallback(): void {
    // An element that is moved is back in the page by the next microtask.
    queueMicrotask(() => {
      if (!this.isConnected) this.#leave();
    });
  }

  #leave(): void {
    this.#dark.removeEventListener("change", this.#paint);
    window.removeEventListener("online", this.#connected);
    window.removeEventListener("offline", this.#connected);
    this.#heart?.session.stop();
    this.#heart?.place.release();
    this.#clear();
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (!this.#chat || before === value) return;
    if (name === "theme" || name === "position") this.#paint();
    else if (name === "open") this.#follow(true);
    else {
      if (["site", "server", "history"].includes(name)) this.#forget();
      this.#build();
    }
  }

  /** Opens the panel. */
  show(): void {
    this.setAttribute("open", "");
  }

  /** Closes the panel. */
  hide(): void {
    this.removeAttribute("open");
  }

  /** Opens the panel and asks. Returns whether the question is accepted. */
  ask(question: unknown): boolean {
    if (typeof question !== "string" || !question.trim()) return false;
    this.show();
    return this.#chat?.ask(question) ?? false;
  }

  /** Opens the panel with the form “能申请什么”, unless the page has switched it off. */
  showEligibility(): void {
    this.show();
    this.#chat?.apply?.();
  }

  get #launched(): boolean {
    return !["page", "inline"].includes(this.getAttribute("mode") ?? "");
  }

  #build(): void {
    this.#due = this.#heart?.session.busy === true && this.#chat !== null;
    if (this.#due) return;
    const draft = this.#chat?.draft ?? "";
    const focused = this.#root.activeElement !== null;
    this.#clear();
    const { client, device, session, place } = (this.#heart ??= this.#assemble());
    const chat = new Chat({
      client,
      device,
      session,
      texts: textsFor(this.getAttribute("lang"), document.documentElement.lang, navigator.language),
      heading: this.getAttribute("heading") ?? "",
      whole: this.getAttribute("mode") === "page",
      eligibility: this.getAttribute("eligibility") ?? "",
      close: this.#launched ? () => this.hide() : null,
      answered: (id, outcome) => this.#dispatch("zhengwen-answer", { id, outcome }),
      ended: () => {
        if (this.#due) this.#build();
      },
      turned: (conversation) => place.remember(conversation),
    });
    chat.draft = draft;
    this.#chat = chat;
    const frame = h("div", { class: "frame" });
    if (this.#launched) {
      const panel = new Panel(chat, (open) => this.toggleAttribute("open", open));
      this.#panel = panel;
      frame.append(panel.dialog, panel.launcher);
    } else {
      const panel = h("section", { class: "panel", "aria-labelledby": chat.titleId }, chat.element);
      frame.append(panel);
      if (this.getAttribute("mode") === "page") this.#release = fitAboveKeyboard(panel);
    }
    this.#root.append(frame);
    this.#paint();
    this.#connected();
    if (this.#panel) this.#follow(false);
    else this.#start();
    if (focused && (this.hasAttribute("open") || !this.#launched)) chat.focus();
  }

  #assemble(): Heart {
    const site = this.getAttribute("site") ?? "";
    const server = (webAddress(this.getAttribute("server") ?? "") || HOME).replace(/\/+$/, "");
    const kept = this.getAttribute("history") !== "none";
    const device = new Device(kept ? browserStore(() => localStorage) : new MemoryStore(), server, site);
    const client = new Client(server, site, device);
    const session = new Session(client, device);
    const place = new Place(kept ? browserStore(() => sessionStorage) : new MemoryStore(), device, `${server}:${site}`);
    session.turnTo(place.recall() ?? undefined);
    return { client, device, session, place };
  }

  #forget(): void {
    this.#heart?.session.stop();
    this.#heart?.place.release();
    this.#heart = null;
  }

  #clear(): void {
    this.#release?.();
    this.#release = null;
    this.#panel?.dispose();
    this.#panel = null;
    this.#chat = null;
    this.#due = false;
    this.#root.querySelector(".frame")?.remove();
  }

  /** Sends no request before a visitor opens the chat. */
  #start(): void {
    void this.#chat?.start();
  }

  /** Opens or closes the panel according to the attribute `open`. */
  #follow(notify: boolean): void {
    if (!this.#panel) return;
    const open = this.hasAttribute("open");
    if (open) {
      this.#panel.open(notify);
      this.#start();
    } else this.#panel.close();
    if (notify) this.#dispatch(open ? "zhengwen-open" : "zhengwen-close", null);
  }

  #dispatch(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #paint = (): void => {
    const theme = this.getAttribute("theme");
    const dark = theme === "dark" || (theme !== "light" && this.#dark.matches);
    const left = this.getAttribute("position") === "left";
    const mode = this.#launched ? "launched" : (this.getAttribute("mode") ?? "");
    const frame = this.#root.querySelector(".frame");
    if (frame) frame.className = `frame ${mode}${dark ? " dark" : ""}${left ? " left" : ""}`;
  };

  #connected = (): void => {
    if (this.#chat) this.#chat.online = navigator.onLine !== false;
  };
}
