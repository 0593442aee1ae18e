/** Which entry is to be shown in its thread, and which panes there are to walk through. */
import { signal } from "@preact/signals";

/** The entry that a list has asked to see; its message scrolls there once and takes the focus. */
export const shown = signal<string | null>(null);

export function show(id: string): void {
  shown.value = null;
  shown.value = id;
}

/** Move the focus to the next pane. */
export function nextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")];
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  panes[(at + 1) % panes.length]?.focus();
}
