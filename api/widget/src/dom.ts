/** Creates elements from names, attributes and children. Text only ever becomes text nodes. */

export type Child = Node | string | null | false;
type Value = string | boolean | null | ((event: Event) => void);

/** Functions become listeners (`click: …`); `true` is an empty attribute, `false` and `null` none. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  set(element, attributes);
  element.append(...present(children));
  return element;
}

export function set(element: Element, attributes: Record<string, Value>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : value);
  }
}

export function present(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== null && child !== false && child !== "");
}

let last = 0;
// The form is loaded from a second file, with a counter of its own.
const copy = Math.random().toString(36).slice(2, 8);

/** An id for aria references; unique in the page, though each shadow root has its own names. */
export function freshId(): string {
  last += 1;
  return `z${copy}-${last}`;
}

const SVG = "http://www.w3.org/2000/svg";

/** Paths on a grid of 24. */
const ICONS = {
  chat: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
  list: "M9 6h11M9 12h11M9 18h11M4 6l1 1 2-2M4 12l1 1 2-2M4 18l1 1 2-2",
  back: "M14 6l-6 6 6 6",
  send: "M4 12l16-8-6 16-3-6zM11 14l9-10",
  stop: "M7 7h10v10H7z",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  up: "M7 11l4-8c1.500 0 2.500 1 2.500 2.500L13 9h6l-1.500 9.500c-.2 1-1 1.500-2 1.500H7zM7 11H3v9h4",
  down: "M17 13l-4 8c-1.500 0-2.500-1-2.500-2.500L11 15H5l1.500-9.500c.2-1 1-1.500 2-1.500H17zM17 13h4V4h-4",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  paper: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  alert: "M12 4l9 16H3zM12 10v4M12 17v.5",
} as const;

export type IconName = keyof typeof ICONS;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  set(svg, { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" });
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Esc, unless it only ends an input method's composition. */
export function escapes(event: Event): boolean {
  const { key, isComposing, keyCode } = event as KeyboardEvent;
  return key === "Escape" && !isComposing && keyCode !== 229;
}

/** Whether it is the second click of a double click, which must not repeat the action of the first. */
export function again(event: Event): boolean {
  return (event as MouseEvent).detail > 1;
}

/** Whether the focus is on or in the element, and would be lost with it. */
export function hasFocus(place: Element): boolean {
  return place.contains((place.getRootNode() as ShadowRoot | Document).activeElement ?? null);
}

/** A button that shows an icon and is labelled `label`. */
export function iconButton(name: IconName, label: string, click: (event: Event) => void): HTMLButtonElement {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, click }, icon(name));
}
