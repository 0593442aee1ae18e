/** The calls of every line, as the node tells them: each event holds the whole call. And what is done about them. */
import { signal } from "@preact/signals";
import { get } from "../api/client";
import type { Call, SeatRequest, StepName } from "../api/types";
import { nameOf } from "../call/words";
import { type Failure, said } from "./saying";

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

/** Ring the other side. */
export function ring(line: string, mark: string, action: Action): Promise<Failure> {
  return said(`ring/${line}/${action}`, "/calls", { line, mark }, { action: [action] });
}

/** A step of ours in a call. */
export function take(call: Call, step: StepName, reason = ""): Promise<Failure> {
  const body = reason ? { step, reason } : { step };
  return said(`${nameOf(call)}/${step}`, `/calls/${call.id}/steps`, { line: call.line, mark: call.mark }, body);
}

/** Give one of our desks an interpreter's seat, or make it a position again. */
export function seat(call: Call, of: SeatRequest): Promise<Failure> {
  return said(`${nameOf(call)}/seat/${JSON.stringify(of)}`, `/calls/${call.id}/seats`, { line: call.line, mark: call.mark }, of);
}
