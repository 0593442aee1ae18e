/** The watch of each line as the node tells it, and this desk in it: on watch or not, and by when it gives a sign. */
import { computed, signal } from "@preact/signals";
import { get, NoAnswer, put, Refused, remove } from "../api/client";
import type { Entries, Entry, WatchLog } from "../api/types";
import type { Failure } from "./saying";

const COUNT = 20;
const ASK_AGAIN_MS = 30_000;

/** The kinds of entries after which a watch stands otherwise. */
export const WATCH_KINDS = new Set(["check", "handover"]);

export const watchLogs = signal<ReadonlyMap<string, WatchLog>>(new Map());

/** What the operators of each line have said of the line itself, the newest of ours first. */
export const orderwire = signal<ReadonlyMap<string, readonly Entry[]>>(new Map());

const askedAt = new Map<string, number>();

/** Ask how the watch of a line stands. An answer that is overtaken by a later question's is left out. */
export async function askWatch(line: string): Promise<void> {
  const at = performance.now();
  askedAt.set(line, at);
  try {
    const found = await get<WatchLog>("/watch", { query: { line, count: COUNT } });
    if (askedAt.get(line) === at) watchLogs.value = new Map([...watchLogs.peek(), [line, found]]);
  } catch (why) {
    askedAt.delete(line);
    if (!(why instanceof NoAnswer || why instanceof Refused)) throw why; // Asked again with the next beat.
  }
}

/** With each beat: what goes by the clock is asked for again, and what was not answered. */
export function askWatchAgain(lines: readonly string[]): void {
  for (const line of lines) {
    const at = askedAt.get(line);
    if (at === undefined || performance.now() - at > ASK_AGAIN_MS) void askWatch(line);
  }
}

export async function askOrderwire(line: string): Promise<void> {
  const found = await get<Entries>("/entries", { query: { line, kind: "service", origin: "ours", count: COUNT } });
  orderwire.value = new Map([...orderwire.peek(), [line, found.entries]]);
}

export function forgetWatch(): void {
  watchLogs.value = new Map();
  orderwire.value = new Map();
  askedAt.clear();
}

/** This desk goes on watch, or says again that somebody is there: it is the same word. */
export function onWatch(): Promise<Failure> {
  return done(put("/watch"));
}

export function offWatch(): Promise<Failure> {
  return done(remove("/watch"));
}

async function done(asked: Promise<unknown>): Promise<Failure> {
  try {
    await asked;
    return null;
  } catch (why) {
    if (why instanceof NoAnswer || why instanceof Refused) return why;
    throw why;
  }
}

/** Handovers of ours that are offered, by line. */
export const offered = computed(
  () => new Map([...watchLogs.value].map(([line, log]) => [line, log.handovers.filter((one) => one.state === "offered")] as const)),
);
