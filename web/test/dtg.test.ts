import { describe, expect, it } from "vitest";
import { clock, dtg, readDeadline, span } from "../src/time/dtg";

const NOW = Date.UTC(2026, 10, 21, 22, 31, 14);
const at = (day: number, hour: number, minute: number, month = 10, year = 2026) => Date.UTC(year, month, day, hour, minute);

describe("times as the watch writes them", () => {
  it("is the date-time group of the node", () => {
    expect(dtg(NOW)).toBe("212231Z NOV 26");
    expect(clock(NOW)).toBe("2231Z");
    expect(dtg(Date.UTC(2030, 0, 2, 3, 4))).toBe("020304Z JAN 30");
  });

  it("says a span in its largest two units", () => {
    expect([0, 14_000, 29 * 60_000, 125 * 60_000, 49 * 3_600_000].map(span)).toEqual([
      "0 s",
      "14 s",
      "29 min",
      "2 h 5 min",
      "2 d 1 h",
    ]);
    expect(span(-5)).toBe("0 s");
  });
});

describe("a deadline as it is typed", () => {
  it.each([
    ["2300Z", at(21, 23, 0)],
    ["2200z", at(22, 22, 0)],
    ["2231Z", at(22, 22, 31)],
    ["212300Z", at(21, 23, 0)],
    ["201200Z", at(20, 12, 0, 11)],
    ["310600Z", at(31, 6, 0, 11)],
    ["010600Z JAN 27", at(1, 6, 0, 0, 2027)],
    ["+30m", NOW + 30 * 60_000],
    ["+1h30m", NOW + 90 * 60_000],
    ["+2d", NOW + 48 * 3_600_000],
  ])("reads %s", (text, expected) => {
    expect(readDeadline(text, NOW)).toBe(expected);
  });

  it.each(["", "+", "+0m", "2400Z", "2360Z", "320600Z", "212231Z NOV 26", "310600Z FEB 27", "tomorrow", "23:00"])(
    "does not guess what %s means",
    (text) => {
      expect(readDeadline(text, NOW)).toBeNull();
    },
  );
});
