import { describe, expect, it } from "vitest";
import {
  carried,
  isShown,
  lasted,
  lossPercent,
  mayJoin,
  missed,
  ringsFor,
  standing,
  takesPart,
  talkable,
  unrepaired,
} from "../src/call/words";
import { call, part, path, ringing, sound } from "./views";

const ended = { state: "ended", ended_at: "2026-11-21T22:40:00.000Z" };
const ENDED_AT = Date.parse(ended.ended_at);

describe("how a call stands for us", () => {
  it("is said from our side", () => {
    expect(standing(ringing())).toBe("calls-us");
    expect(standing(call({ state: "ringing-out" }))).toBe("rings");
    expect(standing(call())).toBe("connected");
    expect(standing(call(ended))).toBe("ended");
  });

  it("tells our hold from theirs", () => {
    const ours = [part("alpha.example", { side: "holding" }), part("bravo.example")];
    expect(standing(call({ state: "held", parts: ours }))).toBe("on-hold");
    const theirs = [part("alpha.example"), part("bravo.example", { side: "holding" })];
    expect(standing(call({ parts: theirs }))).toBe("held-by-them");
  });

  it("is over for us when we have left, whoever goes on", () => {
    const parts = [part("alpha.example", { side: "out" }), part("bravo.example"), part("charlie.example")];
    expect(standing(call({ parts }))).toBe("ended");
  });

  it("says that sound is lost only when it is lost to everybody who takes part", () => {
    const parts = [part("alpha.example"), part("bravo.example"), part("charlie.example")];
    const one = sound({ lost: true });
    expect(standing(call({ parts, sound: [one] }))).toBe("connected");
    expect(standing(call({ parts, sound: [one, sound({ party: "charlie.example", lost: true })] }))).toBe("sound-lost");
    expect(standing(call({ sound: [one] }))).toBe("sound-lost");
  });
});

describe("what this desk may do in it", () => {
  it("rings for a desk that has not said: not now", () => {
    expect(ringsFor(ringing(), "W-1")).toBe(true);
    const parts = [part("alpha.example", { side: "rung", desks: [], declined: ["W-1"] }), part("bravo.example")];
    expect(ringsFor(ringing({ parts }), "W-1")).toBe(false);
    expect(ringsFor(ringing({ parts }), "W-2")).toBe(true);
    expect(mayJoin(ringing({ parts }), "W-1")).toBe(true);
  });

  it("talks where it takes part, and not on hold, not elsewhere, not before", () => {
    expect(talkable(call(), "W-1")).toBe(true);
    expect(talkable(call(), "W-2")).toBe(false);
    expect(mayJoin(call(), "W-2")).toBe(true);
    const held = [part("alpha.example", { side: "holding" }), part("bravo.example")];
    expect(talkable(call({ state: "held", parts: held }), "W-1")).toBe(false);
    expect(talkable(call({ state: "ringing-out" }), "W-1")).toBe(false);
    expect(takesPart(call({ state: "ringing-out" }), "W-1")).toBe(true);
    expect(talkable(call(ended), "W-1")).toBe(false);
  });
});

describe("a call that is over", () => {
  it("stands on the screen for a minute, and for half an hour when nobody answered", () => {
    const over = call(ended);
    expect(isShown(over, ENDED_AT + 30_000)).toBe(true);
    expect(isShown(over, ENDED_AT + 61_000)).toBe(false);
    const unanswered = call({ ...ended, parts: [part("alpha.example", { side: "out", desks: [] }), part("bravo.example")] });
    expect(missed(unanswered)).toBe(true);
    expect(isShown(unanswered, ENDED_AT + 61_000)).toBe(true);
    expect(isShown(unanswered, ENDED_AT + 31 * 60_000)).toBe(false);
  });

  it("is not missed when we rang it, answered it, or declined it", () => {
    const out = { side: "out", desks: [] };
    expect(missed(call({ ...ended, own: true }))).toBe(false);
    expect(missed(call(ended))).toBe(false);
    const declined = part("alpha.example", { ...out, declined: ["W-1"] });
    expect(missed(call({ ...ended, parts: [declined, part("bravo.example")] }))).toBe(false);
  });
});

describe("how sound travels", () => {
  it("counts the paths that carry, and how", () => {
    const paths = [
      path({ round_trip_ms: 40 }),
      path({ carriage: "both" }),
      path({ carriage: "stream" }),
      path({ carriage: "dead", round_trip_ms: 1 }),
    ];
    expect(carried(sound({ paths }))).toEqual({ udp: 2, stream: 1, roundTripMs: 20 });
    expect(carried(sound({ paths: [path({ carriage: "dead" })] }))).toEqual({ udp: 0, stream: 0, roundTripMs: null });
  });

  it("says the worse loss of both ways, and nothing where nothing is known", () => {
    expect(lossPercent(path({ loss_out: 12, loss_in: 300 }))).toBe(30);
    expect(lossPercent(path({ loss_out: null, loss_in: null }))).toBeNull();
    expect(unrepaired(sound())).toBeNull();
    expect(unrepaired(sound({ frames: 200, frames_lost: 1 }))).toBe(0.5);
  });

  it("writes how long it lasts", () => {
    expect([-5, 59_999, 761_000, 90_061_000].map(lasted)).toEqual(["00:00:00", "00:00:59", "00:12:41", "25:01:01"]);
  });
});
