import { describe, expect, it } from "vitest";
import { needs, NONE, unaccepted } from "../src/state/needs";
import { alarm, entry, handover, line, stage, time, watchLog } from "./views";

const theirs = (change = {}) =>
  entry({ id: "bravo:7", party: "bravo.example", label: "bravo", precedence: "PRIORITY", ...change });

describe("what needs you", () => {
  it("is nothing when nothing requires a response", () => {
    expect(needs([line(), line({ state: "LATE" })], new Map())).toEqual([]);
  });

  it("is a message that nobody here has accepted, and no longer when somebody has", () => {
    const open = (one: ReturnType<typeof theirs>) => needs([line()], new Map([["alpha-bravo", [one]]]));
    expect(open(theirs({ precedence: "FLASH" }))).toMatchObject([{ urgency: "u1", entryId: "bravo:7", text: null }]);
    expect(open(theirs({ stages: [stage("alpha", "DISPLAYED")] }))).toHaveLength(1);
    expect(open(theirs({ stages: [stage("alpha", "ACCEPTED")] }))).toEqual([]);
  });

  it("is no ROUTINE message before the node says that it is late", () => {
    const open = new Map([["alpha-bravo", [theirs({ precedence: "ROUTINE" })]]]);
    expect(needs([line()], open)).toEqual([]);
    expect(unaccepted(line(), open.get("alpha-bravo"))).toHaveLength(1);
    expect(needs([line({ alarms: [alarm({ precedence: "ROUTINE" })] })], open)).toHaveLength(1);
  });

  it("is one item for one cause", () => {
    const found = needs([line({ alarms: [alarm()] })], new Map([["alpha-bravo", [theirs()]]]));
    expect(found).toMatchObject([{ text: "We have not accepted bravo:7.", urgency: "u3" }]);
  });

  it("puts what is most urgent first, then what is due first", () => {
    const down = line({ line: "alpha-charlie", state: "DOWN" });
    const late = alarm({ id: "a", due_at: "2026-11-21T22:00:00.000Z" });
    const later = alarm({ id: "b", entry: "bravo:8", due_at: "2026-11-21T22:30:00.000Z" });
    const climbed = alarm({ id: "c", entry: "bravo:9", step: "supervisor", due_at: "2026-11-21T21:00:00.000Z" });
    const found = needs([line({ alarms: [later, late, climbed] }), down], new Map());
    expect(found.map((need) => need.id)).toEqual([
      "alpha-bravo/c",
      "line/alpha-charlie",
      "alpha-bravo/a",
      "alpha-bravo/b",
    ]);
  });

  it("is a sign of this desk from when it is due, and not before", () => {
    const asked = (now: number) => needs([], new Map(), { ...NONE, now, signDueAt: 60_000 });
    expect(asked(59_999)).toEqual([]);
    expect(asked(60_000)).toMatchObject([{ id: "presence", urgency: "u2", watch: { what: "presence" } }]);
    expect(needs([], new Map(), { ...NONE, now: 60_000, signDueAt: null })).toEqual([]);
  });

  it("is a line check while it is due or late; one that is ahead, made, skipped or missed needs nobody", () => {
    const states = ["ahead", "due", "late", "missed", "skipped", "kept"];
    const dates = states.map((state) => ({ form: "text", due: time(state), state }));
    const logs = new Map([["alpha-bravo", watchLog({ dates })]]);
    const found = needs([line()], new Map(), { ...NONE, logs });
    expect(found.map((need) => need.urgency)).toEqual(["u2", "u3"]);
  });

  it("is a handover of ours that is offered, and none of theirs", () => {
    const logs = (of: ReturnType<typeof handover>) => new Map([["alpha-bravo", watchLog({ handovers: [of] })]]);
    const found = (of: ReturnType<typeof handover>) => needs([line()], new Map(), { ...NONE, logs: logs(of) });
    expect(found(handover())).toMatchObject([{ watch: { what: "handover", to: "Heron" } }]);
    expect(found(handover({ state: "taken" }))).toEqual([]);
    expect(found(handover({ party: "bravo.example" }))).toEqual([]);
  });

  it("is their call-up, and no STOP and no read-back, which stand in places of their own", () => {
    const open = (kind: string) => needs([line()], new Map([["alpha-bravo", [theirs({ kind })]]]));
    expect(open("check")).toHaveLength(1);
    expect([...open("stop"), ...open("stop-answer"), ...open("read-back")]).toEqual([]);
  });
});
