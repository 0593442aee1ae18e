/** "Needs you": what requires a response, most urgent first. One cause is one item. */
import type { Entry, Line } from "../api/types";
import { URGENCY_OF_PRECEDENCE, URGENCY_OF_STATE, type Urgency, weStated } from "./lines";

export interface Need {
  id: string;
  line: string;
  urgency: Urgency;
  /** The node's own sentence: what it is and what to do. Null where the console says it of `entry`. */
  text: string | null;
  entry: Entry | null;
  entryId: string | null;
  dueAt: number | null;
}

const RANK: Urgency[] = ["u1", "u2", "u3", "unk", "ok"];
const LINE_NEEDS = new Set(["DOWN", "FORKED", "NEVER_HEARD", "QUARANTINED", "ONE_PATH_LEFT"]);

/** `open` are entries of the other side on this line that nobody has finished. */
export function needs(lines: readonly Line[], open: ReadonlyMap<string, readonly Entry[]>): Need[] {
  const found = lines.flatMap((line) => [...ofLine(line), ...ofAlarms(line), ...ofEntries(line, open.get(line.line))]);
  return found.toSorted((a, b) => RANK.indexOf(a.urgency) - RANK.indexOf(b.urgency) || due(a) - due(b));
}

function ofLine(line: Line): Need[] {
  if (!LINE_NEEDS.has(line.state)) return [];
  const urgency = URGENCY_OF_STATE[line.state] ?? "unk";
  return [{ id: `line/${line.line}`, line: line.line, urgency, text: line.text, entry: null, entryId: null, dueAt: null }];
}

function ofAlarms(line: Line): Need[] {
  return line.alarms.map((alarm) => ({
    id: `${line.line}/${alarm.id}`,
    line: line.line,
    urgency: alarm.step === "all-positions" ? (URGENCY_OF_PRECEDENCE[alarm.precedence ?? ""] ?? "u3") : "u1",
    text: alarm.text,
    entry: null,
    entryId: alarm.entry,
    dueAt: alarm.due_at === null ? null : Date.parse(alarm.due_at),
  }));
}

/** What came and was not accepted yet, unless an alarm speaks of it already. */
export function unaccepted(line: Line, open: readonly Entry[] = []): Entry[] {
  const alarmed = new Set(line.alarms.map((alarm) => alarm.entry));
  return open.filter((one) => !alarmed.has(one.id) && !weStated(one, line, ["ACCEPTED", "PASSED", "ANSWERED"]));
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
        entryId: entry.id,
        dueAt: next ? Date.parse(next.time.rfc3339) : null,
      };
    });
}

function due(need: Need): number {
  return need.dueAt ?? Number.MAX_SAFE_INTEGER;
}
