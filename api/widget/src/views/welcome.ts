/** The first view: who answers, from which papers, and suggested questions. */

import { h, icon } from "../dom";
import type { Arrival } from "../wire";
import { coverage } from "./cited";
import type { Scene } from "./view-context";
import { suggestions } from "./suggestions";

export function welcome(arrival: Arrival | null, scene: Scene): HTMLElement {
  const { texts } = scene;
  const place = h("div", { class: "welcome" }, h("p", {}, arrival?.site.welcome || texts.welcome));
  if (!arrival) return place;
  const { apply } = scene;
  if (apply) place.append(h("div", {}, h("button", { type: "button", class: "button", click: apply }, icon("list"), texts.eligibilityLong)));
  const covered = coverage(arrival.covered, scene);
  if (covered) place.append(covered);
  if (arrival.suggestions.length > 0) place.append(suggestions(texts.tryAsking, arrival.suggestions, scene));
  return place;
}
