/** Which sound is due. Pure; times are steady milliseconds. A sound says nothing that is not on the screen too. */
import type { Call, Stop } from "../api/types";
import type { Need } from "../state/needs";
import { nameOfStop } from "../state/stopping";
import { nameOf, ringsFor, standing, takesPart } from "./words";

export type Tone = "stop" | "ring" | "ringback" | "flash" | "alarm" | "immediate" | "priority";

/** What sounds, most urgent first. `id` is what it sounds for: the same for as long as that lasts. */
export interface Sounding {
  id: string;
  tone: Tone;
}

export const EVERY_MS: Record<Tone, number> = {
  stop: 4_000,
  ring: 3_000,
  ringback: 5_000,
  flash: 15_000,
  alarm: 60_000,
  immediate: 120_000,
  priority: Number.POSITIVE_INFINITY, // It sounds once.
};
const ORDER: Tone[] = ["stop", "ring", "flash", "alarm", "immediate", "priority", "ringback"];

export interface Known {
  calls: readonly Call[];
  desk: string;
  needs: readonly Need[];
  stops: readonly Stop[];
  /** Since when our own node is not heard; null while it is. */
  lostSince: number | null;
}

export function soundings({ calls, desk, needs, stops, lostSince }: Known): Sounding[] {
  if (lostSince !== null) return [{ id: `lost/${lostSince}`, tone: "alarm" }];
  const standing = stops.filter((stop) => stop.standing);
  const found: Sounding[] = standing.map((stop) => ({ id: nameOfStop(stop), tone: "stop" as const }));
  found.push(...calls.flatMap((call) => {
    const tone: Tone | null = ringsFor(call, desk) ? "ring" : waitsFor(call, desk) ? "ringback" : null;
    return tone === null ? [] : [{ id: nameOf(call), tone }];
  }));
  for (const need of needs) {
    const tone = toneOf(need);
    if (tone !== null) found.push({ id: need.id, tone });
  }
  return found.toSorted((a, b) => ORDER.indexOf(a.tone) - ORDER.indexOf(b.tone));
}

function waitsFor(call: Call, desk: string): boolean {
  return standing(call) === "rings" && takesPart(call, desk);
}

function toneOf(need: Need): Tone | null {
  if (need.call !== null) return null;
  if (need.entry?.precedence === "FLASH") return "flash";
  if (need.urgency === "u1") return "alarm";
  if (need.urgency === "u2") return "immediate";
  return need.entry?.precedence === "PRIORITY" ? "priority" : null;
}

/** Remembers what sounded when. */
export class Due {
  private readonly sounded = new Map<string, number>();

  /** The one that is due now, if any; what no longer asks for a sound is forgotten. */
  next(asked: readonly Sounding[], now: number): Sounding | null {
    for (const id of this.sounded.keys()) if (!asked.some((one) => key(one) === id)) this.sounded.delete(id);
    const due = asked.find((one) => now - (this.sounded.get(key(one)) ?? Number.NEGATIVE_INFINITY) >= EVERY_MS[one.tone]);
    if (due) this.sounded.set(key(due), now);
    return due ?? null;
  }
}

function key(one: Sounding): string {
  return `${one.tone}/${one.id}`;
}
