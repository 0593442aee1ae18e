/** Views as the node gives them, with what a test does not care about filled in. */
import type { Alarm, Call, Entry, Handover, Line, Part, Sound, SoundPath, Stage, Stop, StopSide, WatchLog } from "../src/api/types";

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
    calls: [],
    charter: null,
    charters_waiting: [],
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
    phrase: null,
    read_backs: [],
    escalations: [],
    translated: [],
    translation_of: null,
    evidence: [],
    times: null,
    signed_by: [],
    unsigned: false,
    erased: [],
    ...change,
  };
}

export function stage(party: string, name: string, to = "", code = "", means = ""): Stage {
  const more = { by: "", receipt: "", reply: "", after_cancellation: false };
  return { party, stage: name, time: time("212232Z NOV 26"), to, code, means, ...more };
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

export function part(party: string, change: Partial<Part> = {}): Part {
  return {
    party,
    own: party.startsWith("alpha"),
    side: "in",
    desks: ["W-1"],
    speaking: [],
    declined: [],
    lost_at: null,
    left_at: null,
    cause: "",
    text: "",
    recording: false,
    interpreters: [],
    ...change,
  };
}

export function path(change: Partial<SoundPath> = {}): SoundPath {
  return {
    name: "fibre",
    carriage: "udp",
    text: "Datagrams pass.",
    round_trip_ms: 20,
    loss_out: 0,
    loss_in: 0,
    trouble: "",
    ...change,
  };
}

export function sound(change: Partial<Sound> = {}): Sound {
  return { party: "bravo.example", lost: false, frames: 0, frames_lost: 0, copies: 2, paths: [path()], ...change };
}

/** A call of bravo to alpha that is up. */
export function call(change: Partial<Call> = {}): Call {
  return {
    id: "bravo:4",
    line: "alpha-bravo",
    mark: "OPERATION",
    subject: "",
    action: ["watch"],
    by: "bravo.example",
    by_desk: "W-1",
    own: false,
    state: "up",
    rung_at: "2026-11-21T22:31:00.000Z",
    rung_dtg: "212231Z NOV 26",
    answered_at: "2026-11-21T22:31:05.000Z",
    ended_at: null,
    cause: "",
    text: "",
    recorded: false,
    recording: "off",
    recording_text: "",
    parts: [part("alpha.example"), part("bravo.example")],
    sound: [],
    seats: [],
    ...change,
  };
}

/** The same call while it rings for us. */
export function ringing(change: Partial<Call> = {}): Call {
  const parts = [part("alpha.example", { side: "rung", desks: [] }), part("bravo.example")];
  return call({ state: "ringing-in", answered_at: null, parts, ...change });
}

export function stopSide(change: Partial<StopSide> = {}): StopSide {
  return { party: "alpha", state: "STANDING", clock_s: 0, answers: [], ...change };
}

/** A STOP that bravo has called and alpha has not answered. */
export function stop(change: Partial<Stop> = {}): Stop {
  return {
    id: "bravo:9",
    line: "alpha-bravo",
    party: "bravo",
    desk: "W-1",
    mark: "OPERATION",
    time: time("212231Z NOV 26"),
    about: null,
    place: "37TCL 123 456",
    text: "",
    language: "en",
    standing: true,
    sides: [stopSide()],
    taps: [],
    ...change,
  };
}

export function watchLog(change: Partial<WatchLog> = {}): WatchLog {
  const nothing = { dates: [], open: [], unowned: [], handovers: [], checks: [], absences: [], scores: [] };
  return { line: "alpha-bravo", mark: "OPERATION", ...nothing, ...change };
}

/** A handover that alpha's officer offers. */
export function handover(change: Partial<Handover> = {}): Handover {
  return {
    id: "alpha:6",
    party: "alpha.example",
    desk: "W-1",
    by: "Osprey",
    to: "Heron",
    mark: "OPERATION",
    state: "offered",
    offered: time("212231Z NOV 26"),
    listed: [],
    accepted: [],
    missing: [],
    left_out: 0,
    closed_by: null,
    closed: null,
    ...change,
  };
}
