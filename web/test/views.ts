/** Views as the node gives them, with what a test does not care about filled in. */
import type { Alarm, Entry, Line } from "../src/api/types";

export const time = (dtg: string) => ({ rfc3339: "2026-11-21T22:31:00.000Z", dtg });

export function line(change: Partial<Line> = {}): Line {
  return {
    line: "alpha-bravo",
    members: ["alpha.example", "bravo.example"],
    me: "alpha.example",
    state: "PROVEN",
    cause: null,
    text: "Line alpha-bravo is proven.",
    proven_at: "2026-11-21T22:31:00.000Z",
    proven_dtg: "212231Z NOV 26",
    next_test_at: null,
    declared: {},
    presence: {},
    clock_offset_ms: {},
    paths: [],
    logs: [],
    open_items: 0,
    unreceipted: 0,
    alarms: [],
    ...change,
  };
}

export function entry(change: Partial<Entry> = {}): Entry {
  return {
    id: "alpha:3",
    seq: 3,
    line: "alpha-bravo",
    kind: "message",
    party: "alpha.example",
    label: "alpha",
    desk: "W-1",
    time: time("212231Z NOV 26"),
    mark: "OPERATION",
    precedence: "ROUTINE",
    reply_by: null,
    text: "Good evening",
    language: "en",
    subject: null,
    action: ["watch"],
    info: [],
    body: {},
    attachments: [],
    refs: [],
    due: [],
    stages: [],
    standing: "open",
    corrections: [],
    cancellation: null,
    translations: [],
    faults: [],
    ...change,
  };
}

export function stage(party: string, name: string, to = "") {
  return { party, stage: name, time: time("212232Z NOV 26"), by: "", to, receipt: "", reply: "", after_cancellation: false };
}

export function alarm(change: Partial<Alarm> = {}): Alarm {
  return {
    id: "own-late-accepted/bravo:7",
    condition: "own-late-accepted",
    entry: "bravo:7",
    precedence: "PRIORITY",
    since_at: "2026-11-21T22:31:00.000Z",
    due_at: "2026-11-21T22:31:00.000Z",
    step: "all-positions",
    wake: ["positions"],
    text: "We have not accepted bravo:7.",
    ...change,
  };
}
