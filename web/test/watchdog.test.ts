import { describe, expect, it } from "vitest";
import { LOST_AFTER_MS, Watchdog } from "../src/state/watchdog";

describe("whether the node is heard", () => {
  it("believes nothing before the first beat", () => {
    expect(new Watchdog().fresh(0)).toBe(false);
  });

  it("believes a beat for five seconds", () => {
    const dog = new Watchdog();
    dog.heard(1_000);
    expect(dog.fresh(1_000 + LOST_AFTER_MS - 1)).toBe(true);
    expect(dog.fresh(1_000 + LOST_AFTER_MS)).toBe(false);
  });

  it("waits for nothing when the connection broke, and believes the next beat", () => {
    const dog = new Watchdog();
    dog.heard(1_000);
    dog.broke();
    expect(dog.fresh(1_001)).toBe(false);
    dog.heard(2_000);
    expect(dog.fresh(2_001)).toBe(true);
  });
});
