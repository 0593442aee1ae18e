import { describe, expect, it } from "vitest";
import { isOpen, lost, pressed, released, SHUT, type TalkKey, toggled } from "../src/call/talk";

const T = 10_000;
const tapped = (key: TalkKey, at: number) => released(pressed(key, "space", at), "space", at + 80);

describe("the key to talk", () => {
  it("is open for as long as it is held, and no longer", () => {
    const held = pressed(SHUT, "space", T);
    expect(isOpen(held)).toBe(true);
    expect(isOpen(released(held, "space", T + 4_000))).toBe(false);
  });

  it("closes when the hand is lost: the window was left while the key was down", () => {
    expect(isOpen(lost(pressed(SHUT, "space", T)))).toBe(false);
  });

  it("is not closed by the release of another hand", () => {
    const held = pressed(SHUT, "pointer", T);
    expect(isOpen(released(held, "space", T + 400))).toBe(true);
    expect(isOpen(released(pressed(held, "space", T + 100), "space", T + 400))).toBe(true);
    expect(isOpen(released(held, "pointer", T + 400))).toBe(false);
  });

  it("is kept open by two short taps, and closed by the next press", () => {
    const once = tapped(SHUT, T);
    expect(isOpen(once)).toBe(false);
    const twice = tapped(once, T + 200);
    expect(twice.mode).toBe("kept");
    const closed = pressed(twice, "space", T + 5_000);
    expect(isOpen(closed)).toBe(false);
    expect(isOpen(released(closed, "space", T + 5_050))).toBe(false);
  });

  it("is not kept open by two taps far apart", () => {
    expect(isOpen(tapped(tapped(SHUT, T), T + 900))).toBe(false);
  });

  it("is not kept open by somebody who lets go for a moment and talks on", () => {
    const again = pressed(tapped(SHUT, T), "space", T + 200);
    expect(isOpen(released(again, "space", T + 3_000))).toBe(false);
    const long = released(pressed(SHUT, "space", T), "space", T + 2_000);
    expect(isOpen(tapped(long, T + 2_100))).toBe(false);
  });

  it("stays open without a hand only when that was chosen", () => {
    const kept = toggled(SHUT);
    expect(isOpen(lost(kept))).toBe(true);
    expect(isOpen(toggled(kept))).toBe(false);
    expect(toggled(pressed(SHUT, "space", T)).mode).toBe("kept");
  });
});
