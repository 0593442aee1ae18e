import { describe, expect, it } from "vitest";
import { ANSWERED_SHOWN_MS, clockMs, isShown, nameOfStop, ourSide, owes, urgencyOfStop } from "../src/state/stopping";
import { needs } from "../src/state/needs";
import { alarm, line, stop, stopSide, time } from "./views";

const CALLED = Date.parse(time("").rfc3339);
const answers = [{ id: "alpha:4", answer: "STOPPED", desk: "W-1", time: time("212231Z NOV 26"), taps: [] }];
const answered = stop({ standing: false, sides: [stopSide({ state: "STOPPED", clock_s: 34, answers })] });

describe("a STOP", () => {
  it("is shown for as long as it stands, whatever was put away", () => {
    const away = new Set([nameOfStop(stop())]);
    expect(isShown(stop(), CALLED + 10 * ANSWERED_SHOWN_MS, away)).toBe(true);
  });

  it("stays on the screen for a while when it is answered, until somebody puts it away", () => {
    expect(isShown(answered, CALLED + ANSWERED_SHOWN_MS - 1, new Set())).toBe(true);
    expect(isShown(answered, CALLED + ANSWERED_SHOWN_MS, new Set())).toBe(false);
    expect(isShown(answered, CALLED, new Set([nameOfStop(answered)]))).toBe(false);
  });

  it("has a clock that runs from its author's time, never backwards, and stands at the first answer", () => {
    expect(clockMs(stop(), stopSide(), CALLED + 5_000)).toBe(5_000);
    expect(clockMs(stop(), stopSide(), CALLED - 5_000)).toBe(0);
    expect(answered.sides.map((side) => clockMs(answered, side, CALLED + 99_000))).toEqual([34_000]);
  });

  it("is answered by our side only where it is not ours", () => {
    expect(owes(ourSide(stop(), "alpha") ?? stopSide({ state: "STOPPED" }))).toBe(true);
    expect(ourSide(stop({ party: "alpha", sides: [stopSide({ party: "bravo" })] }), "alpha")).toBeUndefined();
  });

  it("never looks as if all were well, least of all when somebody is unable", () => {
    expect(urgencyOfStop(stop())).toBe("u1");
    expect(urgencyOfStop(answered)).toBe("u3");
    for (const state of ["UNABLE", "NOT_OURS"]) {
      expect(urgencyOfStop(stop({ standing: false, sides: [stopSide({ state })] }))).toBe("u2");
    }
  });

  it("is no second item of what needs you: it stands over the whole width", () => {
    const alarms = ["stop-standing", "stop-unanswered", "stop-not-received"].map((condition) => alarm({ condition }));
    expect(needs([line({ alarms })], new Map())).toEqual([]);
  });
});
