/** The microphone and the loudspeaker of this desk: which ones, and whether they are there. */
import { signal } from "@preact/signals";
import { context } from "./context";
import { Level } from "./level";

const MICROPHONE = "openline-microphone";
const SPEAKER = "openline-speaker";

/** What stands in the way of the microphone: its sentence is `screen-microphone-…`. */
export type Trouble = "refused" | "missing" | "lost" | "busy" | "no-https";

export const microphones = signal<readonly MediaDeviceInfo[]>([]);
export const speakers = signal<readonly MediaDeviceInfo[]>([]);
/** What was chosen; empty is what the browser takes by itself. */
export const microphone = signal(localStorage.getItem(MICROPHONE) ?? "");
export const speaker = signal(localStorage.getItem(SPEAKER) ?? "");
/** The track that a leg sends; null while there is none. */
export const track = signal<MediaStreamTrack | null>(null);
/** Why there is none; null while there is one, or nobody has asked for one. */
export const trouble = signal<Trouble | null>(null);
/** How loud the microphone is, also while nobody hears it. */
export const ownLevel = signal<Level | null>(null);

let wanted = false;
let asking = 0;

export const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;

/** Ask for the microphone; the browser may ask the officer. Says whether there is one now. */
export async function openMicrophone(): Promise<boolean> {
  wanted = true;
  const mine = ++asking;
  if (!navigator.mediaDevices) {
    trouble.value = "no-https";
    return false;
  }
  navigator.mediaDevices.ondevicechange = () => void changed();
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: wish(microphone.peek()) });
    if (mine !== asking) {
      for (const one of stream.getTracks()) one.stop();
      return track.peek() !== null;
    }
    take(stream);
  } catch (why) {
    if (mine !== asking) return track.peek() !== null;
    drop();
    trouble.value = troubleOf(why);
  }
  await list();
  return track.peek() !== null;
}

export function closeMicrophone(): void {
  wanted = false;
  asking += 1;
  drop();
  trouble.value = null;
}

/** Whether the browser gives the microphone without asking; browsers that do not say are taken at our word. */
export async function isGranted(): Promise<boolean> {
  try {
    const found = await navigator.permissions.query({ name: "microphone" as PermissionName });
    return found.state === "granted";
  } catch {
    return true;
  }
}

export async function chooseMicrophone(id: string): Promise<void> {
  microphone.value = id;
  localStorage.setItem(MICROPHONE, id);
  await openMicrophone();
}

export function chooseSpeaker(id: string): void {
  speaker.value = id;
  localStorage.setItem(SPEAKER, id);
  const here: AudioContext & { setSinkId?: (id: string) => Promise<void> } = context();
  void here.setSinkId?.(id).catch(() => undefined);
}

/** Let an element sound where the officer has chosen. A loudspeaker that is gone gives way to the usual one. */
export function direct(element: HTMLMediaElement): void {
  if (!canChooseSpeaker) return;
  void element.setSinkId(speaker.peek()).catch(() => element.setSinkId("").catch(() => undefined));
}

/** Exactly the one that was chosen: without `exact` the browser may give another one. */
function wish(id: string): MediaTrackConstraints {
  const which = id ? { deviceId: { exact: id } } : {};
  return { ...which, channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
}

function take(stream: MediaStream): void {
  drop();
  const [made] = stream.getAudioTracks();
  if (!made) return;
  const heard = made.clone(); // The officer sees the own level also while nobody hears it.
  made.enabled = false; // What leaves the browser is silence until the key is pressed.
  made.onended = () => {
    if (track.peek() !== made) return;
    drop();
    trouble.value = "lost";
    void list();
  };
  ownLevel.value = new Level(new MediaStream([heard]));
  track.value = made;
  trouble.value = null;
}

function drop(): void {
  const held = track.peek();
  track.value = null;
  held?.stop();
  ownLevel.peek()?.close();
  ownLevel.value = null;
}

async function list(): Promise<void> {
  const found = await navigator.mediaDevices.enumerateDevices();
  microphones.value = found.filter((one) => one.kind === "audioinput" && one.deviceId);
  speakers.value = found.filter((one) => one.kind === "audiooutput" && one.deviceId);
}

/** A device came or went: the chosen microphone may be back. */
async function changed(): Promise<void> {
  await list();
  if (wanted && !track.peek() && (await isGranted())) await openMicrophone();
}

function troubleOf(why: unknown): Trouble {
  const name = why instanceof DOMException ? why.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  throw why;
}
