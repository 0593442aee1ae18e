/** Talking: one key for one call at a time. Pressed, our microphone is heard; released, silence leaves this browser. */
import { computed, effect, signal } from "@preact/signals";
import { NoAnswer, post, Refused } from "../api/client";
import { Gate, type Told } from "../call/gate";
import { isOpen, lost, pressed, released, SHUT, type TalkKey, toggled } from "../call/talk";
import { nameOf, talkable } from "../call/words";
import { leg, legNumber, legState } from "../sound/leg";
import { track } from "../sound/devices";
import { calls } from "./calls";
import { fresh, room, session } from "./console";

const GATE_WITHIN_MS = 2_500;

export const key = signal<TalkKey>(SHUT);
/** The name of the call that the key talks in. */
export const talksIn = signal<string | null>(null);
/** Why the gate could not be opened, as the node says it; null where it did not answer. */
export const refused = signal<{ call: string; text: string | null } | null>(null);

/** Calls that this desk may talk in now, the one of the open room first. */
export const talkables = computed(() => {
  const desk = session.value?.desk;
  if (desk === undefined || !fresh.value || legState.value !== "up") return [];
  const found = [...calls.value.values()].filter((call) => talkable(call, desk));
  return found.toSorted((a, b) => Number(b.line === room.value) - Number(a.line === room.value));
});

const gates = new Map<string, Gate>();

export function press(call: string, by: string): void {
  if (talksIn.peek() !== call) stopTalking();
  if (!talkables.peek().some((one) => nameOf(one) === call) || !track.peek()) return;
  set(call, pressed(key.peek(), by, performance.now()));
}

export function release(by: string): void {
  const call = talksIn.peek();
  if (call !== null) set(call, released(key.peek(), by, performance.now()));
}

/** Keep it open, or end that. */
export function toggle(call: string): void {
  if (talksIn.peek() !== call) stopTalking();
  const may = talkables.peek().some((one) => nameOf(one) === call) && track.peek() !== null;
  if (isOpen(key.peek()) || may) set(call, toggled(key.peek()));
}

/** The hand may be gone: the window was left, or hidden. */
export function handLost(): void {
  const call = talksIn.peek();
  if (call !== null) set(call, lost(key.peek()));
}

export function stopTalking(): void {
  const call = talksIn.peek();
  if (call !== null) set(call, SHUT);
}

function set(call: string, next: TalkKey): void {
  const open = isOpen(next);
  talksIn.value = call;
  key.value = next;
  if (open) refused.value = null;
  leg.talk(open);
  gateOf(call).want(open);
}

function gateOf(call: string): Gate {
  const failed = () => {
    if (talksIn.peek() === call) stopTalking();
  };
  const found = gates.get(call) ?? new Gate((open) => tell(call, open), failed);
  gates.set(call, found);
  return found;
}

async function tell(call: string, open: boolean): Promise<Told> {
  const found = calls.peek().get(call);
  if (!found) return "refused";
  try {
    await post(`/calls/${found.id}/gate`, { query: { line: found.line }, body: { open }, withinMs: GATE_WITHIN_MS });
    return "done";
  } catch (why) {
    if (why instanceof Refused) {
      if (open) refused.value = { call, text: why.refusal.text };
      return "refused";
    }
    if (!(why instanceof NoAnswer)) throw why;
    if (open) refused.value = { call, text: null };
    return "unknown";
  }
}

/** The call, the leg or the microphone under the key is gone: the node has closed the gate, or will with the leg. */
function ended(): void {
  const call = talksIn.peek();
  key.value = SHUT;
  talksIn.value = null;
  leg.talk(false);
  if (call !== null) gates.get(call)?.shut();
}

export function keepTalking(): void {
  effect(() => {
    const call = talksIn.value === null ? undefined : calls.value.get(talksIn.value);
    const desk = session.value?.desk ?? "";
    const gone = legNumber.value === null || legState.value !== "up" || !call || !talkable(call, desk);
    if (talksIn.peek() !== null && gone) ended();
  });
  let held = track.peek();
  effect(() => {
    if (track.value !== held) stopTalking();
    held = track.value;
  });
  addEventListener("blur", handLost);
  addEventListener("pagehide", handLost);
  document.addEventListener("visibilitychange", () => document.hidden && handLost());
}
