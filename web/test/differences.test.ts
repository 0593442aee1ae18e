import { describe, expect, it } from "vitest";
import { differences, WORDS_MAX } from "../src/text/differences";

const marked = (left: string, right: string) =>
  differences(left, right)?.map((runs) => runs.map((run) => (run.same ? run.text : `[${run.text}]`)).join(" "));

describe("two texts", () => {
  it("show the words that only one of them has", () => {
    expect(marked("Six trucks cross at 0600Z", "Six trucks cross at 0700Z")).toEqual([
      "Six trucks cross at [0600Z]",
      "Six trucks cross at [0700Z]",
    ]);
    expect(marked("Six trucks cross", "Six white trucks cross now")).toEqual(["Six trucks cross", "Six [white] trucks cross [now]"]);
  });

  it("are the same only by their letters: a capital or a missing word is a difference, spaces are none", () => {
    expect(marked("cease fire", "Cease  fire")).toEqual(["[cease] fire", "[Cease] fire"]);
    expect(marked("do not cross", "do\n\ncross")).toEqual(["do [not] cross", "do cross"]);
    expect(marked("", "now")).toEqual(["", "[now]"]);
  });

  it("are not compared where the work would be without bounds", () => {
    const long = "word ".repeat(WORDS_MAX + 1);
    expect(differences(long, long)).toBeNull();
    expect(differences("word ".repeat(WORDS_MAX), "other")).not.toBeNull();
  });
});
