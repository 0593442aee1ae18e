import { describe, expect, it } from "vitest";
import { needs, unaccepted } from "../src/state/needs";
import { alarm, entry, line, stage } from "./views";

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
});
