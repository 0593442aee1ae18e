import { describe, expect, it } from "vitest";
import { Due, type Sounding, soundings } from "../src/call/alarms";
import { needs, NONE } from "../src/state/needs";
import { call, entry, line, part, ringing, stop } from "./views";

const nothing = { calls: [], desk: "W-1", needs: [], stops: [], lostSince: null };
const theirs = (precedence: string) =>
  entry({ id: `bravo:${precedence}`, party: "bravo.example", label: "bravo", precedence });
const tones = (found: Sounding[]) => found.map((one) => one.tone);

describe("what sounds", () => {
  it("is a ring until this desk or another one has said something", () => {
    expect(tones(soundings({ ...nothing, calls: [ringing()] }))).toEqual(["ring"]);
    expect(soundings({ ...nothing, calls: [call()] })).toEqual([]);
    const declined = part("alpha.example", { side: "rung", desks: [], declined: ["W-1"] });
    expect(soundings({ ...nothing, calls: [ringing({ parts: [declined, part("bravo.example")] })] })).toEqual([]);
  });

  it("is a ringback at the desk that rings, and nowhere else", () => {
    const calls = [call({ state: "ringing-out", own: true })];
    expect(tones(soundings({ ...nothing, calls }))).toEqual(["ringback"]);
    expect(soundings({ ...nothing, calls, desk: "W-2" })).toEqual([]);
  });

  it("puts a call before a FLASH, a FLASH before a line that is down, that before an IMMEDIATE, and a PRIORITY last; a ROUTINE is silent", () => {
    const down = line({ state: "DOWN" });
    const open = new Map([[down.line, ["IMMEDIATE", "FLASH", "PRIORITY", "ROUTINE"].map(theirs)]]);
    const ring = { ...NONE, calls: [ringing()], desk: "W-1" };
    const found = soundings({ ...nothing, calls: ring.calls, needs: needs([down], open, ring) });
    expect(tones(found)).toEqual(["ring", "flash", "alarm", "immediate", "priority"]);
  });

  it("is a STOP before all else, for as long as it stands, at the side that has called it as well", () => {
    const calls = [ringing()];
    expect(tones(soundings({ ...nothing, calls, stops: [stop()] }))).toEqual(["stop", "ring"]);
    expect(tones(soundings({ ...nothing, stops: [stop({ party: "alpha" })] }))).toEqual(["stop"]);
    expect(soundings({ ...nothing, stops: [stop({ standing: false })] })).toEqual([]);
  });

  it("is one alarm while our own node is not heard: nothing else is known", () => {
    expect(soundings({ ...nothing, calls: [ringing()], lostSince: 5 })).toEqual([{ id: "lost/5", tone: "alarm" }]);
  });
});

describe("when it sounds", () => {
  const flash: Sounding = { id: "a", tone: "flash" };
  const alarm: Sounding = { id: "b", tone: "alarm" };

  it("is at once, and again every 15 seconds for a FLASH", () => {
    const due = new Due();
    const heard = Array.from({ length: 121 }, (_, n) => due.next([flash], n * 250)).filter((one) => one !== null);
    expect(heard).toHaveLength(3);
  });

  it("is once for a PRIORITY", () => {
    const due = new Due();
    const priority: Sounding = { id: "c", tone: "priority" };
    const heard = Array.from({ length: 10_000 }, (_, n) => due.next([priority], n * 250)).filter((one) => one !== null);
    expect(heard).toHaveLength(1);
  });

  it("is one sound at a time, the most urgent one first", () => {
    const due = new Due();
    expect(due.next([flash, alarm], 0)).toBe(flash);
    expect(due.next([flash, alarm], 250)).toBe(alarm);
    expect(due.next([flash, alarm], 500)).toBeNull();
  });

  it("begins anew for what has come back, and after a silence", () => {
    const due = new Due();
    expect(due.next([flash], 0)).toBe(flash);
    expect(due.next([], 250)).toBeNull();
    expect(due.next([flash], 500)).toBe(flash);
  });
});

describe("what needs us of a call", () => {
  const unanswered = call({
    state: "ended",
    ended_at: "2026-11-21T22:32:00.000Z",
    parts: [part("alpha.example", { side: "out", desks: [] }), part("bravo.example")],
  });
  const at = { ...NONE, desk: "W-1", now: Date.parse("2026-11-21T22:35:00.000Z") };
  const asked = (change: Partial<typeof NONE>) => needs([line()], new Map(), { ...at, ...change });

  it("is a ring, before everything else", () => {
    expect(asked({ calls: [ringing()] })).toMatchObject([{ urgency: "u1", call: { id: "bravo:4" } }]);
  });

  it("is a call that nobody answered, until it is put aside or called back", () => {
    expect(asked({ calls: [unanswered] })).toMatchObject([{ urgency: "u2" }]);
    expect(asked({ calls: [unanswered], aside: new Set(["alpha-bravo/bravo:4"]) })).toEqual([]);
    const later = call({ id: "alpha:5", own: true, rung_at: "2026-11-21T22:34:00.000Z" });
    expect(asked({ calls: [unanswered, later] })).toEqual([]);
    expect(asked({ calls: [unanswered, { ...later, line: "alpha-charlie" }] })).toHaveLength(1);
  });
});
