/** The calls of every line, as the node tells them: each event holds the whole call. And what is done about them. */
import { signal } from "@preact/signals";
import { get, newKey, NoAnswer, post, Refused } from "../api/client";
import type { Call, Said, StepName } from "../api/types";
import { nameOf } from "../call/words";

export type Action = "watch" | "line-check";

/** Calls by name, those that are over for as long as this page has known them. */
export const calls = signal<ReadonlyMap<string, Call>>(new Map());

/** What the officer has put aside: a call that is over, or that nobody answered. */
export const aside = signal<ReadonlySet<string>>(new Set());

const NEWEST = 50;

let tellings = 0;
const toldAt = new Map<string, number>();

/** The node tells a call. */
export function callTold(call: Call): void {
  toldAt.set(nameOf(call), ++tellings);
  calls.value = new Map([...calls.peek(), [nameOf(call), call]]);
}

/** Ask for the newest calls, of one line or of all. What was told while the answer was on its way is newer than it. */
export async function renewCalls(line?: string): Promise<void> {
  const asked = tellings;
  const found = await get<Call[]>("/calls", { query: { line, count: NEWEST } });
  const fresh = found.filter((call) => (toldAt.get(nameOf(call)) ?? 0) <= asked);
  calls.value = new Map([...calls.peek(), ...fresh.map((call) => [nameOf(call), call] as const)]);
}

export function forgetCalls(): void {
  calls.value = new Map();
  aside.value = new Set();
  toldAt.clear();
}

export function putAside(call: Call): void {
  aside.value = new Set([...aside.peek(), nameOf(call)]);
}

/** Why something was not done, or may not have been; null when it was. */
export type Failure = Refused | NoAnswer | null;

/** Ring the other side. */
export function ring(line: string, mark: string, action: Action): Promise<Failure> {
  return said(`ring/${line}/${action}`, "/calls", { line, mark }, { action: [action] });
}

/** A step of ours in a call. */
export function take(call: Call, step: StepName, reason = ""): Promise<Failure> {
  const body = reason ? { step, reason } : { step };
  return said(`${nameOf(call)}/${step}`, `/calls/${call.id}/steps`, { line: call.line, mark: call.mark }, body);
}

const keys = new Map<string, string>();

/** Say it under a key that stays until the node has answered: pressed again, it is said once. */
async function said(name: string, path: string, query: Record<string, string>, body: unknown): Promise<Failure> {
  const key = keys.get(name) ?? newKey();
  keys.set(name, key);
  try {
    await post<Said>(path, { query, body, key });
  } catch (why) {
    if (why instanceof NoAnswer || (why instanceof Refused && why.status >= 500)) return why;
    keys.delete(name);
    if (why instanceof Refused) return why;
    throw why;
  }
  keys.delete(name);
  return null;
}
