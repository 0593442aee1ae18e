import { describe, expect, it } from "vitest";
import { labelOf, ladder, placed, undelivered, weStated } from "../src/state/lines";
import { entry, line, stage, time } from "./views";

describe("the ladder", () => {
  it("has no reached rung before the peer has stated one", () => {
    const rungs = ladder(entry(), line());
    expect(rungs.map((rung) => rung.stage)).toEqual(["RECEIVED", "DISPLAYED", "ACCEPTED", "ANSWERED"]);
    expect(rungs.some((rung) => rung.whole)).toBe(false);
    expect(undelivered(entry(), line())).toBe(true);
  });

  it("takes no stage of ours for a stage of theirs", () => {
    const ours = entry({ stages: [stage("alpha", "RECEIVED")] });
    expect(ladder(ours, line())[0]?.whole).toBe(false);
    expect(undelivered(ours, line())).toBe(true);
  });

  it("climbs stage by stage, and a later one never states an earlier one", () => {
    const seen = entry({ stages: [stage("bravo", "RECEIVED"), stage("bravo", "ACCEPTED")] });
    expect(ladder(seen, line()).map((rung) => rung.whole)).toEqual([true, false, true, false]);
    expect(undelivered(seen, line())).toBe(false);
  });

  it("is whole only when everybody on the line has stated it", () => {
    const three = line({ members: ["alpha.example", "bravo.example", "bravo.other"] });
    const some = entry({ stages: [stage("bravo.example", "RECEIVED")] });
    expect(ladder(some, three)[0]).toMatchObject({ whole: false, parties: [{ label: "bravo.example" }] });
    const all = entry({ stages: [stage("bravo.example", "RECEIVED"), stage("bravo.other", "RECEIVED")] });
    expect(ladder(all, three)[0]?.whole).toBe(true);
  });

  it("shows PASSED when it is awaited or stated, and says when a stage is due", () => {
    const awaited = entry({ due: [{ stage: "PASSED", time: time("212300Z NOV 26") }] });
    expect(ladder(awaited, line())[3]).toMatchObject({ stage: "PASSED", dueAt: "212300Z NOV 26" });
  });

  it("has no rung for our own log on what came from them", () => {
    const theirs = entry({ party: "bravo.example", label: "bravo", stages: [stage("alpha", "DISPLAYED")] });
    expect(ladder(theirs, line()).map((rung) => rung.stage)).toEqual(["DISPLAYED", "ACCEPTED", "ANSWERED"]);
    expect(weStated(theirs, line(), ["DISPLAYED"])).toBe(true);
    expect(weStated(theirs, line(), ["ACCEPTED"])).toBe(false);
    expect(undelivered(theirs, line())).toBe(false);
  });
});

describe("names and places", () => {
  it("calls a party by its first word, or in full where two would be the same", () => {
    expect(labelOf("alpha.example", ["alpha.example", "bravo.example"])).toBe("alpha");
    expect(labelOf("hq.north", ["hq.north", "hq.south"])).toBe("hq.north");
  });

  it("never moves a line", () => {
    expect(placed([], ["delta", "alpha"])).toEqual(["alpha", "delta"]);
    expect(placed(["alpha", "delta"], ["delta", "bravo", "alpha"])).toEqual(["alpha", "delta", "bravo"]);
    expect(placed(["alpha", "delta"], ["delta"])).toEqual(["alpha", "delta"]);
  });
});
