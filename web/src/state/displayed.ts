/** States that a message was displayed to an officer: it stood on the screen for a second, in a window that has the
 * focus, and a hand has moved since. A screen that nobody sits at states nothing. */
import { NoAnswer, post } from "../api/client";

const IN_VIEW_MS = 1_000;
const HAND_WITHIN_MS = 30_000;

interface Watched {
  id: string;
  line: string;
  since: number | null;
}

const watched = new Map<Element, Watched>();
let handAt = Number.NEGATIVE_INFINITY;

const observer = new IntersectionObserver(
  (rows) => {
    for (const row of rows) {
      const one = watched.get(row.target);
      if (one) one.since = inView(row) ? (one.since ?? performance.now()) : null;
    }
    if (rows.some(inView)) setTimeout(state, IN_VIEW_MS + 50);
  },
  { threshold: [0, 0.2, 0.4, 0.6] },
);

/** Most of the message, or as much of a long one as fills a third of the window. */
function inView(row: IntersectionObserverEntry): boolean {
  if (!row.isIntersecting) return false;
  return row.intersectionRatio >= 0.6 || row.intersectionRect.height >= window.innerHeight / 3;
}

for (const hand of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"]) {
  document.addEventListener(
    hand,
    () => {
      const before = handAt;
      handAt = performance.now();
      if (handAt - before > IN_VIEW_MS) state();
    },
    { passive: true, capture: true },
  );
}

/** Watch an element that shows this entry, until the returned function is called. */
export function watch(element: Element, id: string, line: string): () => void {
  watched.set(element, { id, line, since: null });
  observer.observe(element);
  return () => {
    observer.unobserve(element);
    watched.delete(element);
  };
}

function state(): void {
  const at = performance.now();
  if (document.hidden || !document.hasFocus() || at - handAt > HAND_WITHIN_MS) return;
  for (const [element, one] of watched) {
    if (one.since === null || at - one.since < IN_VIEW_MS) continue;
    observer.unobserve(element);
    watched.delete(element);
    void post(`/entries/${one.id}/read`, { query: { line: one.line }, body: {} }).catch((why: unknown) => {
      // Without an answer it may have been stated: stating it twice is one fact. A refusal is final.
      if (why instanceof NoAnswer && element.isConnected) watch(element, one.id, one.line);
    });
  }
}
