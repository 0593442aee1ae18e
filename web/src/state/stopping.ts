/** What follows from a STOP alone: pure, so that it can be tested without a screen. */
import type { Stop, StopSide } from "../api/types";
import type { Urgency } from "./lines";

/** How long a STOP that was answered stays on the screen. */
export const ANSWERED_SHOWN_MS = 30 * 60_000;

export const STOP_ANSWERS = ["stopped", "not-ours", "unable"] as const;
export type StopAnswer = (typeof STOP_ANSWERS)[number];

/** What names a STOP at this desk: ids are those of a line. */
export function nameOfStop(stop: Stop): string {
  return `${stop.line}/${stop.id}`;
}

/** Whether this party's answer is awaited. A STOP of ours has no side of our own. */
export function owes(side: StopSide): boolean {
  return side.state === "STANDING";
}

/** Our side of it; none in a STOP that we have called. Parties are called by their labels. */
export function ourSide(stop: Stop, me: string): StopSide | undefined {
  return stop.sides.find((side) => side.party === me);
}

/** The clock between the author and this side: it runs by the author's time until the first answer. */
export function clockMs(stop: Stop, side: StopSide, now: number): number {
  return owes(side) ? Math.max(0, now - Date.parse(stop.time.rfc3339)) : side.clock_s * 1_000;
}

/** How it looks: it stands; a party says that it has not ceased by its hand; or every party says that it has. Never "normal". */
export function urgencyOfStop(stop: Stop): Urgency {
  if (stop.standing) return "u1";
  return stop.sides.every((side) => side.state === "STOPPED") ? "u3" : "u2";
}

/** Whether it stands on the screen at this time. One that stands is never put away. */
export function isShown(stop: Stop, now: number, away: ReadonlySet<string>): boolean {
  if (stop.standing) return true;
  const last = Math.max(...stop.sides.flatMap((side) => side.answers.map((one) => Date.parse(one.time.rfc3339))));
  return now - last < ANSWERED_SHOWN_MS && !away.has(nameOfStop(stop));
}
