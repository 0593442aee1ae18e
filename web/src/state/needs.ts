/** "Needs you": what requires a response, most urgent first. One cause is one item. */
import type { Call, Entry, Line, WatchLog } from "../api/types";
import { isShown, missed, nameOf, ringsFor } from "../call/words";
import { URGENCY_OF_PRECEDENCE, URGENCY_OF_STATE, type Urgency, weStated } from "./lines";

export interface Need {
  id: string;
  line: string;
  urgency: Urgency;
  /** The node's own sentence: what it is and what to do. Null where the console says it of `entry`. */
  text: string | null;
  entry: Entry | null;
  /** A call that rings for us, or that nobody of ours has answered. */
  call: Call | null;
  entryId: string | null;
  dueAt: number | null;
  /** What of the watch it is, where it is no message, no call and no state of a line. */
  watch?: Due;
}

/** A sign that somebody is there; a line check that is to be made; a handover that somebody is to take. */
export type Due =
  | { what: "presence" }
  | { what: "check"; form: string; due: string; state: string }
  | { what: "handover"; by: string; to: string };

const RANK: Urgency[] = ["u1", "u2", "u3", "unk", "ok"];
const LINE_NEEDS = new Set(["DOWN", "FORKED", "NEVER_HEARD", "QUARANTINED", "ONE_PATH_LEFT"]);

/** The calls there are, those that were put aside, and the desk that is asked. Times in milliseconds since 1970. */
export interface Ringing {
  calls: readonly Call[];
  aside: ReadonlySet<string>;
  desk: string;
  now: number;
  /** By when this desk has to give a sign; null when nobody is asked for one. */
  signDueAt: number | null;
  logs: ReadonlyMap<string, WatchLog>;
}

export const NONE: Ringing = { calls: [], aside: new Set(), desk: "", now: 0, signDueAt: null, logs: new Map() };

/** `open` are entries of the other side on this line that nobody has finished. */
export function needs(
  lines: readonly Line[],
  open: ReadonlyMap<string, readonly Entry[]>,
  ringing: Ringing = NONE,
): Need[] {
  const of = lines.flatMap((line) => [...ofLine(line), ...ofAlarms(line), ...ofEntries(line, open.get(line.line))]);
  const found = [...ofCalls(ringing), ...ofWatch(lines, ringing), ...of];
  return found.toSorted((a, b) => RANK.indexOf(a.urgency) - RANK.indexOf(b.urgency) || due(a) - due(b));
}

/** What rings, and what nobody answered, unless a later call of either side has followed on that line. */
function ofCalls({ calls, aside, desk, now }: Ringing): Need[] {
  const last = new Map<string, number>();
  for (const call of calls) last.set(call.line, Math.max(last.get(call.line) ?? 0, Date.parse(call.rung_at)));
  return calls
    .filter((call) => {
      if (ringsFor(call, desk)) return true;
      const latest = Date.parse(call.rung_at) >= (last.get(call.line) ?? 0);
      return missed(call) && latest && isShown(call, now) && !aside.has(nameOf(call));
    })
    .map((call) => ({
      id: `call/${nameOf(call)}`,
      line: call.line,
      urgency: call.state === "ended" ? "u2" : "u1",
      text: null,
      entry: null,
      call,
      entryId: null,
      dueAt: null,
    }));
}

const NOTHING = { text: null, entry: null, call: null, entryId: null, dueAt: null };

/** What the watch itself asks for. A check that was missed is a fact and no longer a need. */
function ofWatch(lines: readonly Line[], { now, signDueAt, logs }: Ringing): Need[] {
  const found: Need[] = [];
  if (signDueAt !== null && signDueAt <= now) {
    found.push({ ...NOTHING, id: "presence", line: "", urgency: "u2", dueAt: signDueAt, watch: { what: "presence" } });
  }
  for (const { line } of lines) {
    const log = logs.get(line);
    for (const date of log?.dates ?? []) {
      if (date.state !== "due" && date.state !== "late") continue;
      const due = date.due.rfc3339;
      const watch: Due = { what: "check", form: date.form, due, state: date.state };
      const urgency: Urgency = date.state === "late" ? "u2" : "u3";
      found.push({ ...NOTHING, id: `${line}/check/${date.form}/${due}`, line, urgency, dueAt: Date.parse(due), watch });
    }
    for (const one of log?.handovers ?? []) {
      if (one.state !== "offered" || !isOurs(one.party, lines, line)) continue;
      const watch: Due = { what: "handover", by: one.by, to: one.to };
      found.push({ ...NOTHING, id: `${line}/${one.id}`, line, urgency: "u3", entryId: one.id, watch });
    }
  }
  return found;
}

function isOurs(party: string, lines: readonly Line[], line: string): boolean {
  return lines.some((one) => one.line === line && one.me === party);
}

function ofLine(line: Line): Need[] {
  if (!LINE_NEEDS.has(line.state)) return [];
  const urgency = URGENCY_OF_STATE[line.state] ?? "unk";
  return [{ id: `line/${line.line}`, line: line.line, urgency, text: line.text, entry: null, call: null, entryId: null, dueAt: null }];
}

function ofAlarms(line: Line): Need[] {
  // A STOP stands over the whole width, above everything: one cause is one item.
  return line.alarms.filter((alarm) => !alarm.condition.startsWith("stop-")).map((alarm) => ({
    id: `${line.line}/${alarm.id}`,
    line: line.line,
    urgency: alarm.step === "all-positions" ? (URGENCY_OF_PRECEDENCE[alarm.precedence ?? ""] ?? "u3") : "u1",
    text: alarm.text,
    entry: null,
    call: null,
    entryId: alarm.entry,
    dueAt: alarm.due_at === null ? null : Date.parse(alarm.due_at),
  }));
}

/** What is shown and answered in places of its own. */
const ELSEWHERE = new Set(["stop", "stop-answer", "read-back"]);

/** What came and was not accepted yet, unless an alarm speaks of it already. */
export function unaccepted(line: Line, open: readonly Entry[] = []): Entry[] {
  const alarmed = new Set(line.alarms.map((alarm) => alarm.entry));
  return open.filter((one) => !ELSEWHERE.has(one.kind) && !alarmed.has(one.id) && !weStated(one, line, ["ACCEPTED", "PASSED", "ANSWERED"]));
}

/** A ROUTINE message needs nobody before it is late; then an alarm of the node says so. */
function ofEntries(line: Line, open: readonly Entry[] | undefined): Need[] {
  return unaccepted(line, open)
    .filter((entry) => (URGENCY_OF_PRECEDENCE[entry.precedence ?? ""] ?? null) !== null)
    .map((entry) => {
      const next = entry.due.find((one) => one.stage === "ACCEPTED") ?? entry.due[0];
      return {
        id: `${line.line}/${entry.id}`,
        line: line.line,
        urgency: URGENCY_OF_PRECEDENCE[entry.precedence ?? ""] ?? "u3",
        text: null,
        entry,
        call: null,
        entryId: entry.id,
        dueAt: next ? Date.parse(next.time.rfc3339) : null,
      };
    });
}

function due(need: Need): number {
  return need.dueAt ?? Number.MAX_SAFE_INTEGER;
}
