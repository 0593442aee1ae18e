/** STOPs as the node tells them: asked for as soon as one is called, answered or tapped, and after every gap. */
import { computed, signal } from "@preact/signals";
import { get, NoAnswer, Refused } from "../api/client";
import type { Stop, Stops } from "../api/types";
import { now } from "./clock";
import { isShown, nameOfStop } from "./stopping";

/** The kinds of entries after which a STOP may stand otherwise. */
export const STOP_KINDS = new Set(["stop", "stop-answer", "tap"]);

const all = signal<ReadonlyMap<string, readonly Stop[]>>(new Map());
const away = signal<ReadonlySet<string>>(new Set());
const minute = computed(() => now.value - (now.value % 60_000));

/** What stands on every screen: STOPs that stand, and for a while those that were answered; those that stand first. */
export const shownStops = computed(() => {
  const found = [...all.value.values()].flat().filter((stop) => isShown(stop, minute.value, away.value));
  return found.toSorted((a, b) => Number(b.standing) - Number(a.standing) || begun(b) - begun(a));
});

/** Every STOP of a line, those that stand first. */
export function stopsOf(line: string): readonly Stop[] {
  return all.value.get(line) ?? [];
}

const asked = new Map<string, number>();
const owed = new Set<string>();
let questions = 0;

/** Ask how the STOPs of a line stand. Of two answers on their way the later question's counts. */
export async function askStops(line: string): Promise<void> {
  const question = ++questions;
  asked.set(line, question);
  owed.add(line);
  try {
    const found = await get<Stops>("/stops", { query: { line } });
    if (asked.get(line) !== question) return;
    owed.delete(line);
    all.value = new Map([...all.peek(), [line, found.stops]]);
  } catch (why) {
    if (why instanceof Refused && why.status < 500) owed.delete(line);
    else if (!(why instanceof NoAnswer || why instanceof Refused)) throw why; // Asked again with the next beat.
  }
}

/** What was asked in vain is asked again. */
export function askStopsAgain(): void {
  for (const line of owed) void askStops(line);
}

export function putStopAway(stop: Stop): void {
  away.value = new Set([...away.peek(), nameOfStop(stop)]);
}

export function forgetStops(): void {
  all.value = new Map();
  away.value = new Set();
  owed.clear();
}

function begun(stop: Stop): number {
  return Date.parse(stop.time.rfc3339);
}
