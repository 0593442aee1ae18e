import { describe, expect, it } from "vitest";
import { among } from "../src/call/past";

const AT: Record<string, number> = { one: 10, two: 20, three: 30 };
const said = Object.keys(AT);
const timeOf = (id: string) => AT[id] ?? 0;
const rung = (id: string, at: number) => ({ id, at });

describe("calls that are over", () => {
  it("stand among the messages by their times, whatever order they come in", () => {
    const calls = [rung("c", 35), rung("a", 5), rung("b", 20)];
    expect(among(said, timeOf, calls, false)).toEqual(["call/a", "one", "two", "call/b", "three", "call/c"]);
  });

  it("wait with the messages of their time, while those are not loaded", () => {
    expect(among(said, timeOf, [rung("a", 5), rung("b", 15)], true)).toEqual(["one", "call/b", "two", "three"]);
  });

  it("stand alone where nothing was written", () => {
    expect(among([], timeOf, [rung("b", 2), rung("a", 1)], false)).toEqual(["call/a", "call/b"]);
    expect(among(said, timeOf, [], true)).toEqual(said);
  });
});
