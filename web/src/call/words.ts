/** What follows from a call alone: pure, so that it can be tested without a screen. */
import type { Call, Part, Sound, SoundPath } from "../api/types";
import type { Urgency } from "../state/lines";

/** How long a call that is over stays on the screen. */
export const ENDED_SHOWN_MS = 60_000;
/** How long a call that nobody answered asks for somebody. */
export const MISSED_ASKS_MS = 30 * 60_000;

/** How a call stands for us: its sentence is `label-call-…`. */
export type Standing = "calls-us" | "rings" | "connected" | "on-hold" | "held-by-them" | "sound-lost" | "ended";

const URGENCY: Record<Standing, Urgency | null> = {
  "calls-us": "u1",
  rings: "u3",
  connected: "ok",
  "on-hold": "u3",
  "held-by-them": "u3",
  "sound-lost": "u1",
  ended: null,
};

/** What names a call at this desk: ids are those of a line. */
export function nameOf(call: Call): string {
  return `${call.line}/${call.id}`;
}

export function ownPart(call: Call): Part | undefined {
  return call.parts.find((part) => part.own);
}

export function others(call: Call): Part[] {
  return call.parts.filter((part) => !part.own);
}

export function standing(call: Call): Standing {
  const own = ownPart(call);
  if (call.state === "ended" || own?.side === "out") return "ended";
  if (call.state === "ringing-in") return "calls-us";
  if (call.state === "ringing-out") return "rings";
  if (own?.side === "holding") return "on-hold";
  const there = others(call).filter((part) => part.side === "in" || part.side === "holding");
  if (there.length && there.every((part) => lostSound(call, part))) return "sound-lost";
  if (there.length && there.every((part) => part.side === "holding")) return "held-by-them";
  return "connected";
}

export function urgencyOf(found: Standing): Urgency | null {
  return URGENCY[found];
}

/** Whether no sound passes between us and this party now. */
export function lostSound(call: Call, part: Part): boolean {
  return call.sound.some((sound) => sound.party === part.party && sound.lost);
}

/** Whether it rings for this desk: it is rung, and has not said "not now". */
export function ringsFor(call: Call, desk: string): boolean {
  return standing(call) === "calls-us" && !(ownPart(call)?.declined.includes(desk) ?? false);
}

/** Whether this desk takes part. */
export function takesPart(call: Call, desk: string): boolean {
  return standing(call) !== "ended" && (ownPart(call)?.desks.includes(desk) ?? false);
}

/** Whether this desk may take part further: the call is up, and it does not yet. */
export function mayJoin(call: Call, desk: string): boolean {
  const found = standing(call);
  return found !== "ended" && found !== "rings" && !takesPart(call, desk);
}

/** Whether this desk may talk in it now. A call that we hold carries nothing. */
export function talkable(call: Call, desk: string): boolean {
  const found = standing(call);
  return takesPart(call, desk) && (found === "connected" || found === "held-by-them" || found === "sound-lost");
}

/** A call that nobody of ours answered. What we have declined we know of. */
export function missed(call: Call): boolean {
  const own = ownPart(call);
  return call.state === "ended" && !call.own && own !== undefined && !own.desks.length && !own.declined.length;
}

/** Whether it still stands on the screen at this time. */
export function isShown(call: Call, now: number): boolean {
  if (standing(call) !== "ended") return true;
  const at = call.ended_at ?? ownPart(call)?.left_at ?? null;
  return at !== null && now - Date.parse(at) < (missed(call) ? MISSED_ASKS_MS : ENDED_SHOWN_MS);
}

/** How many paths carry sound, and how; the shortest round trip of those that do. */
export interface Carried {
  udp: number;
  stream: number;
  roundTripMs: number | null;
}

export function carried(sound: Sound): Carried {
  const alive = sound.paths.filter((path) => path.carriage !== "dead");
  const udp = alive.filter((path) => path.carriage !== "stream").length;
  const trips = alive.map((path) => path.round_trip_ms).filter((one) => one !== null);
  return { udp, stream: alive.length - udp, roundTripMs: trips.length ? Math.min(...trips) : null };
}

/** What of our sound or theirs this path loses, the worse of both ways, in percent; null where nobody knows. */
export function lossPercent(path: SoundPath): number | null {
  const known = [path.loss_out, path.loss_in].filter((one) => one !== null);
  return known.length ? Math.max(...known) / 10 : null;
}

/** Share of frames that the other side sent and nobody could repair, in percent; null where nothing was sent. */
export function unrepaired(sound: Sound): number | null {
  return sound.frames ? (100 * sound.frames_lost) / sound.frames : null;
}

/** `00:12:41`. */
export function lasted(ms: number): string {
  const all = Math.floor(Math.max(ms, 0) / 1_000);
  return [Math.floor(all / 3_600), Math.floor(all / 60) % 60, all % 60].map((one) => String(one).padStart(2, "0")).join(":");
}
