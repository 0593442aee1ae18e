/** The watch with sound: begun by a person at this browser, kept by one of its windows, and told when it ends. */
import { computed, effect, signal } from "@preact/signals";
import { Due, type Sounding, soundings } from "../call/alarms";
import { context, muted } from "../sound/context";
import { closeMicrophone, isGranted, openMicrophone, track, trouble } from "../sound/devices";
import { leg } from "../sound/leg";
import { sound } from "../sound/tones";
import { calls } from "./calls";
import { leads, lostSince, needed, session, status } from "./console";
import { shownStops } from "./stops";

const REMEMBERED = "openline-sound";
const SILENT = "openline-silent-until";
const SILENT_MS = 60_000;
const TICK_MS = 250;

/** Whether somebody at this browser has heard the test sound and said so. */
export const remembered = signal(localStorage.getItem(REMEMBERED) === "heard");
/** Whether the question about sound stands on the screen. */
export const preparing = signal(false);
/** Until when no sound of the watch is made, in milliseconds since 1970; voices go on. */
export const silentUntil = signal(Number(localStorage.getItem(SILENT) ?? 0));
/** Whether this window sounds. */
export const sounds = computed(() => Boolean(session.value) && leads.value && remembered.value);

/** Open the question. It is a click: the browser lets the page sound from here on, and asks for the microphone. */
export function prepare(): void {
  context();
  preparing.value = true;
  void openMicrophone();
}

/** The officer has heard the test sound. */
export function confirmed(): void {
  preparing.value = false;
  localStorage.setItem(REMEMBERED, "heard");
  remembered.value = true;
}

/** The officer has not: nothing is remembered, and the next sitting asks again. */
export function unheard(): void {
  localStorage.removeItem(REMEMBERED);
  remembered.value = false;
}

export function closeQuestion(): void {
  preparing.value = false;
  if (!remembered.peek()) closeMicrophone();
}

/** No sound of the watch for a minute, in no window of this browser. Nothing is acknowledged by it. */
export function silence(): void {
  silentUntil.value = Date.now() + SILENT_MS;
  localStorage.setItem(SILENT, String(silentUntil.peek()));
}

let lock: WakeLockSentinel | null = null;

async function begin(): Promise<void> {
  context();
  if (!track.peek()) {
    if (await isGranted()) await openMicrophone();
    else trouble.value = "refused";
  }
  if (sounds.peek()) leg.start();
  void stayAwake();
}

function end(): void {
  leg.stop();
  if (!preparing.peek()) closeMicrophone();
  void lock?.release();
  lock = null;
}

/** The screen of a watch does not go dark, where the browser can help it. */
async function stayAwake(): Promise<void> {
  if (!("wakeLock" in navigator) || document.hidden || !sounds.peek()) return;
  lock = await navigator.wakeLock.request("screen").catch(() => null);
}

/** Sounds for as long as the page stands. */
export function keepSound(): void {
  effect(() => {
    if (sounds.value) void begin();
    else end();
  });
  effect(() => leg.nodeCarries(status.value?.voice.state === "running"));
  effect(() => leg.speakWith(track.value));
  addEventListener("pagehide", () => leg.hang());
  addEventListener("pageshow", (event) => event.persisted && sounds.peek() && leg.start());
  addEventListener("storage", (event) => {
    if (event.key === SILENT) silentUntil.value = Number(event.newValue ?? 0);
    if (event.key === REMEMBERED) remembered.value = event.newValue === "heard";
  });
  document.addEventListener("visibilitychange", () => void stayAwake());
  setInterval(alarm, TICK_MS);
}

const due = new Due();
let playing: { of: Sounding; stop: () => void } | null = null;

/** What sounds now. A sound whose cause is gone ends at once. */
function alarm(): void {
  const quiet = !sounds.peek() || muted.peek() || Date.now() < silentUntil.peek();
  const asked = quiet
    ? []
    : soundings({
        calls: [...calls.peek().values()],
        desk: session.peek()?.desk ?? "",
        needs: needed.peek(),
        stops: shownStops.peek(),
        lostSince: lostSince.peek(),
      });
  const held = playing;
  if (held && !asked.some((one) => one.id === held.of.id && one.tone === held.of.tone)) {
    held.stop();
    playing = null;
  }
  const next = due.next(asked, performance.now());
  if (!next) return;
  playing?.stop();
  playing = { of: next, stop: sound(next.tone) };
}
