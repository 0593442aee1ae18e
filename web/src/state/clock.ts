/** The time of our own node, carried on between its beats by this desk's clock. */
import { signal } from "@preact/signals";

/** The node's time, once a second, in milliseconds since 1970. */
export const now = signal(Date.now());

/** How far this desk's clock is behind the node's, in milliseconds; null before the first beat. */
export const offset = signal<number | null>(null);

/** The node has said what time it is. */
export function told(nodeMs: number): void {
  offset.value = nodeMs - Date.now();
  tick();
}

export function tick(): void {
  now.value = Date.now() + (offset.peek() ?? 0);
}
