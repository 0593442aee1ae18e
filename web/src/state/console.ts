/** What the console knows, and how it stays true: one stream of events, and questions when something happened. */
import { computed, effect, signal, untracked } from "@preact/signals";
import { get, NoAnswer, Refused, remove } from "../api/client";
import type { Call, Entries, Entry, Happened, Leg, Line, Session, Status } from "../api/types";
import { ringsFor } from "../call/words";
import { leg } from "../sound/leg";
import { language, t } from "../words/sentences";
import { aside, calls, callTold, forgetCalls, renewCalls } from "./calls";
import { now, tick, told } from "./clock";
import { keepOf } from "./drafts";
import { placed, undelivered } from "./lines";
import { type Need, needs, unaccepted } from "./needs";
import { forgetRecordings, recordedMore } from "./recordings";
import { askStops, askStopsAgain, forgetStops, STOP_KINDS } from "./stops";
import { signingTold, toSign } from "./signing";
import { Stream } from "./stream";
import { forgetTaps, tapped } from "./taps";
import { Thread } from "./threads";
import { askOrderwire, askWatch, askWatchAgain, forgetWatch, WATCH_KINDS, watchLogs } from "./watch";
import { LOST_AFTER_MS, Watchdog } from "./watchdog";

const LOOK_EVERY_MS = 250;
const ASK_AFTER_MS = 60;
const OPEN_COUNT = 100;
const PLACES = "openline-places";

/** Who sits here; null when nobody is signed in, undefined before we know. */
export const session = signal<Session | null | undefined>(undefined);

/** Whether what is shown may be believed. */
export const fresh = signal(false);
/** Since when not, by the node's last word or the start of this page; null while it is fresh or not known to be lost. */
export const lostSince = signal<number | null>(null);

export const status = signal<Status | null>(null);
export const places = signal<readonly string[]>(remembered());
/** Whether this window is the one of its browser that listens: it has the sound. */
export const leads = signal(false);
/** The line whose room is open, or null for the board. */
export const room = signal<string | null>(null);
export type ScreenName = "watch" | "contacts" | "search";
/** Which screen stands in place of the room, if any. */
export const screen = signal<ScreenName | null>(null);

const open = signal<ReadonlyMap<string, readonly Entry[]>>(new Map());
const threads = new Map<string, Thread>();
let watchdog = new Watchdog();

/** Lines in their places. */
export const lines = computed<Line[]>(() => {
  const known = status.value?.lines ?? [];
  return places.value.flatMap((name) => known.find((line) => line.line === name) ?? []);
});
const minute = computed(() => now.value - (now.value % 60_000));
/** Whether this desk is on watch, and by when it has to give a sign; undefined when it is not on watch. */
export const sitting = computed(() => status.value?.watch.find((one) => one.desk === session.value?.desk));
/** STOP, its answer, and taking a FLASH: whoever is on watch may, whatever else the role allows. */
export function mayOnWatch(): boolean {
  return may("accept") || sitting.value !== undefined;
}
const signDueAt = computed(() => (sitting.value?.sign_due_at ? Date.parse(sitting.value.sign_due_at) : null));
export const needed = computed<Need[]>(() =>
  needs(lines.value, open.value, {
    calls: [...calls.value.values()],
    aside: aside.value,
    desk: session.value?.desk ?? "",
    now: minute.value,
    signDueAt: signDueAt.value,
    logs: watchLogs.value,
  }),
);

/** How many ROUTINE messages of each line wait to be accepted: shown, and no alarm before they are late. */
export const routine = computed(
  () => new Map(lines.value.map((line) => [line.line, unaccepted(line, open.value.get(line.line)).filter(isRoutine).length])),
);
const isRoutine = (entry: Entry) => entry.kind === "message" && (entry.precedence ?? "ROUTINE") === "ROUTINE";

let stream: Stream | null = null;
let heardAt = performance.now();
let statusAt = Number.NEGATIVE_INFINITY;
let lastHeard = Date.now();
let caughtUp = false;

export function thread(line: string): Thread {
  const found = threads.get(line) ?? new Thread(line);
  threads.set(line, found);
  return found;
}

export function may(capability: string): boolean {
  const held = session.value?.capabilities ?? [];
  return held.includes(capability) || held.includes("all");
}

/** Ask who sits here; start or end everything accordingly. */
export async function whoSitsHere(): Promise<void> {
  try {
    session.value = await get<Session>("/session");
    keepOf(session.value.desk);
    begin();
  } catch (why) {
    if (isOut(why)) end();
    else if (session.peek() === undefined) setTimeout(() => void whoSitsHere(), 1_000);
  }
}

/** The officer leaves: not even what was written and not sent stays. A node that does not answer lets nobody leave. */
export async function leave(): Promise<void> {
  stop();
  try {
    await remove("/session");
  } catch (why) {
    if (why instanceof NoAnswer) return begin();
    if (!(why instanceof Refused)) throw why;
  }
  keepOf(null);
  end();
}

function stop(): void {
  stream?.close();
  stream = null;
  leads.value = false;
  clearTimeout(timer);
  timer = undefined;
}

/** Nobody sits here any more: nothing of what was shown stays. What was written waits for the same desk. */
export function end(): void {
  stop();
  threads.clear();
  forgetCalls();
  forgetRecordings();
  forgetStops();
  forgetTaps();
  forgetWatch();
  status.value = null;
  open.value = new Map();
  room.value = null;
  screen.value = null;
  toSign.value = [];
  fresh.value = false;
  lostSince.value = null;
  session.value = null;
}

function begin(): void {
  if (stream) return;
  watchdog = new Watchdog();
  fresh.value = false;
  statusAt = Number.NEGATIVE_INFINITY;
  heardAt = performance.now();
  lastHeard = Date.now();
  caughtUp = false;
  stream = new Stream({
    happened,
    broke,
    refused: () => void whoSitsHere(),
    leads: (is) => {
      leads.value = is;
    },
  });
  void askStatus();
}

/** Whether the node says that nobody sits here, or that whoever did is withdrawn. */
function isOut(why: unknown): boolean {
  return why instanceof Refused && (why.status === 401 || why.refusal.error === "officer-withdrawn");
}

/** Listen, and sound, in this window of the browser from now on. */
export function takeLead(): void {
  stream?.take();
}

/** Looks whether the node is still heard. Runs for as long as the page. */
export function keepWatch(): void {
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
}

function look(): void {
  tick();
  if (!stream) return;
  const steady = performance.now();
  const believed = watchdog.fresh(steady) && steady - statusAt < 2 * LOST_AFTER_MS;
  fresh.value = believed;
  if (believed) lostSince.value = null;
  else if (lostSince.peek() === null && steady - heardAt > LOST_AFTER_MS) lostSince.value = lastHeard;
  if (!watchdog.fresh(steady) && steady - heardAt > 2 * LOST_AFTER_MS) {
    heardAt = steady; // The connection may be dead without having ended: try another one.
    stream.renew();
  }
}

function broke(): void {
  watchdog.broke();
  fresh.value = false;
  caughtUp = false;
  if (lostSince.peek() === null) lostSince.value = lastHeard;
}

function happened(event: Happened): void {
  heardAt = performance.now();
  watchdog.heard(heardAt);
  lastHeard = now.peek();
  if (event.type === "beat") beat(event);
  else if (event.type === "entry") entered(event.line, event.data as unknown as Entry);
  else if (event.type === "change") void threads.get(event.line)?.changed([String(event.data.id)]);
  else if (event.type === "received") received(event.line);
  else if (event.type === "call") callTold(event.data as unknown as Call);
  else if (event.type === "leg") leg.told(event.data as unknown as Leg);
  signingTold(event, lines.peek().find((one) => one.line === event.line)?.me, session.peek());
  if (!["beat", "call", "leg"].includes(event.type)) soon(event.line);
}

function beat(event: Happened): void {
  told(Date.parse(String(event.data.now_at)));
  lastHeard = now.peek();
  if (!caughtUp) {
    caughtUp = true;
    for (const one of threads.values()) void one.renew().catch(() => undefined);
    for (const line of places.peek()) soon(line);
    for (const line of places.peek()) {
      void askStops(line);
      void askWatch(line);
      void askOrderwire(line).catch(unanswered);
    }
    void renewCalls().catch(unanswered);
    void leg.check();
  }
  const shown = room.peek();
  if (shown !== null) void thread(shown).load();
  askStopsAgain();
  askWatchAgain(lines.peek().map((line) => line.line));
  void askStatus();
}

function entered(line: string, entry: Entry): void {
  if (STOP_KINDS.has(entry.kind)) void askStops(line); // At once: it rings everyone.
  if (WATCH_KINDS.has(entry.kind)) void askWatch(line);
  if (entry.kind === "service") void askOrderwire(line).catch(unanswered);
  if (entry.kind === "tap") tapped([entry]);
  threads.get(line)?.take([entry]);
  if (entry.kind === "recording-chunk") recordedMore(line);
}

function received(line: string): void {
  const view = lines.peek().find((one) => one.line === line);
  const found = threads.get(line);
  if (view && found) void found.changed(found.owed((entry) => undelivered(entry, view)));
}

/** Counts what has happened on any line, once for all within a moment: a screen that is open asks anew. */
export const happenings = signal(0);

const asked = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Ask how this line stands, once for all that happens within a moment. */
function soon(line: string): void {
  asked.add(line);
  timer ??= setTimeout(() => {
    timer = undefined;
    const now = [...asked];
    asked.clear();
    happenings.value = happenings.peek() + 1;
    void askStatus();
    for (const one of now) void askOpen(one);
  }, ASK_AFTER_MS);
}

let asking = false;

async function askStatus(): Promise<void> {
  if (asking || !stream) return;
  asking = true;
  try {
    const found = await get<Status>("/status");
    const names = found.lines.map((line) => line.line);
    const added = names.filter((name) => !places.peek().includes(name));
    if (added.length) remember(placed(places.peek(), names));
    for (const name of added) {
      void askStops(name);
      void askOrderwire(name).catch(unanswered);
    }
    const first = status.peek() === null;
    status.value = found;
    statusAt = performance.now();
    if (first) for (const name of names) soon(name);
    look();
  } catch (why) {
    if (why instanceof NoAnswer) return; // The watchdog says it.
    if (isOut(why)) return end();
  } finally {
    asking = false;
  }
}

async function askOpen(line: string): Promise<void> {
  if (!stream) return;
  try {
    const found = await get<Entries>("/entries", { query: { line, origin: "theirs", open: true, count: OPEN_COUNT } });
    open.value = new Map([...open.peek(), [line, found.entries]]);
  } catch (why) {
    unanswered(why);
  }
}

/** What was asked is asked again with the next beat after a gap; the watchdog says that the node is not heard. */
function unanswered(why: unknown): void {
  if (!(why instanceof NoAnswer || why instanceof Refused)) throw why;
}

function remembered(): string[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(PLACES) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function remember(names: readonly string[]): void {
  places.value = names;
  localStorage.setItem(PLACES, JSON.stringify(names));
}

/** Another language: what the node has told in the old one is asked for again. */
effect(() => {
  if (!language.value) return;
  untracked(() => {
    stream?.renew();
    if (stream) void renewCalls().catch(unanswered);
  });
});

/** Whose call rings for this desk; the title of the window says it, so that a window behind others does. */
const ringing = computed(() => {
  const found = [...calls.value.values()].find((call) => ringsFor(call, session.value?.desk ?? ""));
  return found?.by ?? null;
});

const flashes = computed(() => ringing.value !== null && Math.floor(now.value / 1_000) % 3 > 0);

effect(() => {
  const count = needed.value.length;
  if (lostSince.value !== null) document.title = "! openline";
  else if (ringing.value !== null && flashes.value) document.title = t("label-title-call", { party: ringing.value });
  else document.title = count ? `(${count}) openline` : "openline";
});
