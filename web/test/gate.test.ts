import { describe, expect, it } from "vitest";
import { Gate, type Told } from "../src/call/gate";

/** A node that answers when it is told to, and a gate that speaks to it. */
function house() {
  const said: boolean[] = [];
  const answers: ((told: Told) => void)[] = [];
  let failures = 0;
  const say = (open: boolean) => {
    said.push(open);
    return new Promise<Told>((answer) => answers.push(answer));
  };
  const gate = new Gate(say, () => failures++, () => Promise.resolve());
  const answer = async (told: Told) => {
    answers.shift()?.(told);
    for (let n = 0; n < 5; n++) await Promise.resolve();
  };
  return { gate, said, answer, failures: () => failures };
}

describe("telling the node about our gate", () => {
  it("tells one thing at a time, so that open and closed cannot pass each other", async () => {
    const { gate, said, answer } = house();
    gate.want(true);
    gate.want(false);
    expect(said).toEqual([true]);
    await answer("done");
    expect(said).toEqual([true, false]);
    await answer("done");
    expect(said).toEqual([true, false]);
  });

  it("tells only the last of many wishes", async () => {
    const { gate, said, answer } = house();
    gate.want(true);
    for (const open of [false, true, false, true]) gate.want(open);
    await answer("done");
    expect(said).toEqual([true]);
  });

  it("closes what may have been opened", async () => {
    const { gate, said, answer, failures } = house();
    gate.want(true);
    await answer("unknown");
    expect(failures()).toBe(1);
    expect(said).toEqual([true, false]);
  });

  it("does not give up closing until the node has answered", async () => {
    const { gate, said, answer } = house();
    gate.want(true);
    await answer("done");
    gate.want(false);
    await answer("unknown");
    await answer("unknown");
    await answer("done");
    expect(said).toEqual([true, false, false, false]);
  });

  it("asks no more when the node refuses", async () => {
    const { gate, said, answer, failures } = house();
    gate.want(true);
    await answer("refused");
    expect(said).toEqual([true]);
    expect(failures()).toBe(1);
    gate.want(true);
    await answer("done");
    gate.want(false);
    await answer("refused");
    expect(said).toEqual([true, true, false]);
  });

  it("tells nothing of a gate that the node has closed by itself", async () => {
    const { gate, said, answer } = house();
    gate.want(true);
    await answer("done");
    gate.shut();
    gate.want(false);
    expect(said).toEqual([true]);
    gate.want(true);
    expect(said).toEqual([true, true]);
  });
});
