import { describe, expect, it } from "vitest";
import { loudness } from "../src/sound/level";

const tone = (loud: number) => Float32Array.from({ length: 2_048 }, (_, n) => loud * Math.sin(n / 10));

describe("how loud it is", () => {
  it("is nothing in silence and everything at the top", () => {
    expect(loudness(new Float32Array(2_048))).toBe(0);
    expect(loudness(new Float32Array(2_048).fill(1))).toBe(1);
  });

  it("grows in even steps of decibels", () => {
    const steps = [0.001, 0.01, 0.1, 1].map((loud) => loudness(tone(loud)));
    expect(steps[0]).toBe(0);
    expect((steps[3] ?? 0) - (steps[2] ?? 0)).toBeCloseTo(1 / 3, 2);
    expect((steps[2] ?? 0) - (steps[1] ?? 0)).toBeCloseTo(1 / 3, 2);
  });
});
