/** Suggested questions as buttons. */

import { h } from "../dom";
import type { Scene } from "./view-context";

export function suggestions(heading: string, questions: readonly string[], scene: Scene): HTMLElement {
  const chips = questions.map((question) =>
    h("li", {}, h("button", { type: "button", class: "chip", click: () => scene.ask(question) }, question)),
  );
  return h("div", { class: "more" }, h(scene.heading, {}, heading), h("ul", { role: "list" }, ...chips));
}
