/** The one place where sound is made and measured. A browser lets it sound only after somebody has touched the page. */
import { signal } from "@preact/signals";

let made: AudioContext | null = null;

/** Whether the browser keeps back every sound of this page until it is touched. */
export const muted = signal(false);

/** The context, made when it is first needed. */
export function context(): AudioContext {
  if (made) return made;
  const fresh = new AudioContext({ latencyHint: "interactive" });
  fresh.onstatechange = look;
  made = fresh;
  look();
  for (const hand of ["pointerdown", "keydown"]) document.addEventListener(hand, wake, { capture: true, passive: true });
  return fresh;
}

/** Let it sound; to be called from a click or a key. */
export function wake(): void {
  if (made && made.state !== "running") void made.resume().then(look, look);
  for (const one of waiting) one();
  waiting.clear();
}

const waiting = new Set<() => void>();

/** Play an element now, or as soon as the page is touched. */
export function play(element: HTMLMediaElement): void {
  element.play().catch((why: unknown) => {
    if (why instanceof DOMException && why.name === "NotAllowedError") waiting.add(() => play(element));
  });
}

function look(): void {
  muted.value = made !== null && made.state !== "running";
}
