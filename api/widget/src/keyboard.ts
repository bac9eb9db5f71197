/** Keeps a panel that fills the screen above the on-screen keyboard, which the layout ignores. */

/** Resizes the panel until the returned function is called. */
export function fitAboveKeyboard(panel: HTMLElement): () => void {
  const view = window.visualViewport;
  if (!view) return () => undefined;
  const fit = (): void => {
    // With zoom a visitor sees a part of the panel, which must not shrink to that part.
    const covered = view.scale === 1 && window.innerHeight - view.height > 1;
    panel.style.height = covered ? `${view.height}px` : "";
    panel.style.top = covered ? `${view.offsetTop}px` : "";
  };
  fit();
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  return () => {
    view.removeEventListener("resize", fit);
    view.removeEventListener("scroll", fit);
    panel.style.height = "";
    panel.style.top = "";
  };
}
