/** Who it was, by the entry it names: asked for when a room opens, and told when somebody taps. */
import { signal } from "@preact/signals";
import { get } from "../api/client";
import type { Entries, Entry } from "../api/types";

const COUNT = 200;

/** By line and entry, oldest first. */
export const taps = signal<ReadonlyMap<string, readonly Entry[]>>(new Map());

const place = (line: string, entry: string) => `${line}/${entry}`;

export function tapsOf(line: string, entry: string): readonly Entry[] {
  return taps.value.get(place(line, entry)) ?? [];
}

export function tapped(entries: readonly Entry[]): void {
  const found = new Map(taps.peek());
  for (const one of entries) {
    const at = place(one.line, one.refs[0] ?? "");
    const before = found.get(at) ?? [];
    if (!before.some((row) => row.id === one.id)) found.set(at, [...before, one].toSorted((a, b) => a.seq - b.seq));
  }
  taps.value = found;
}

export async function askTaps(line: string): Promise<void> {
  tapped((await get<Entries>("/entries", { query: { line, kind: "tap", count: COUNT } })).entries);
}

export function forgetTaps(): void {
  taps.value = new Map();
}
