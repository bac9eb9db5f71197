/** Parses server-sent events from the bytes of a response, as the HTML standard defines. */

export interface ServerEvent {
  event: string;
  data: string;
}

const BREAK = /\r\n|\n|\r/g;

/** Accepts bytes in pieces cut anywhere, also within a character or between CR and LF. */
export class EventReader {
  #decoder = new TextDecoder();
  #rest = "";
  #event = "";
  #data: string[] = [];

  /** The events that are complete with this piece. An incomplete event at the end of the stream is dropped. */
  push(bytes: Uint8Array): ServerEvent[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const events: ServerEvent[] = [];
    let done = 0;
    for (const found of this.#rest.matchAll(BREAK)) {
      const end = found.index + found[0].length;
      // The other half of this line break may be in the next piece.
      if (found[0] === "\r" && end === this.#rest.length) break;
      this.#line(this.#rest.slice(done, found.index), events);
      done = end;
    }
    this.#rest = this.#rest.slice(done);
    return events;
  }

  #line(line: string, events: ServerEvent[]): void {
    if (line === "") {
      if (this.#data.length > 0) events.push({ event: this.#event || "message", data: this.#data.join("\n") });
      this.#event = "";
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
  }
}
