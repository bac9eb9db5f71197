/** The reason why there is no answer, and when to try again. */

import { h, icon } from "../dom";
import type { Problem } from "../problem";
import type { Scene } from "./view-context";

// Problems that a second attempt cannot solve.
const FINAL = ["origin-refused", "site-unknown", "local-only", "content-too-large", "invalid-request"];

export function trouble(problem: Problem, scene: Pick<Scene, "texts" | "announce">, retry: () => void): HTMLElement {
  const { texts } = scene;
  const words = texts.problems[problem.kind] ?? texts.fault;
  scene.announce(words);
  const box = h("div", { class: "trouble" }, icon("alert"), h("span", {}, words));
  if (FINAL.includes(problem.kind)) return box;
  const button = h("button", { type: "button", class: "button", click: retry }, texts.retry);
  box.append(button);
  countDown(problem.wait, button, texts);
  return box;
}

/** The button shows the remaining seconds and is enabled after them. */
function countDown(seconds: number, button: HTMLButtonElement, texts: Scene["texts"]): void {
  button.disabled = seconds > 0;
  button.textContent = seconds > 0 ? texts.retryIn(seconds) : texts.retry;
  if (seconds > 0) setTimeout(() => countDown(seconds - 1, button, texts), 1000);
}
