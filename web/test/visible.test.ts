import { describe, expect, it } from "vitest";
import { codePoint, hiddenCount, pieces, words } from "../src/text/visible";

const kinds = (text: string) => pieces(text).map((piece) => `${piece.kind} ${piece.text}`);

describe("text of the other side", () => {
  it("loses nothing by being cut", () => {
    for (const text of ["", "plain", "a\u202eb\u2066c 42-17 alpha:14 \u0000", "😀\ud800", "line\nline\ttab"]) {
      expect(pieces(text).map((piece) => piece.text).join("")).toBe(text);
    }
  });

  it("shows what hides or reverses", () => {
    expect(hiddenCount("pay \u202e001\u202c now\u200b\u0007")).toBe(4);
    expect(hiddenCount("one\ntwo\tthree")).toBe(0);
    expect(hiddenCount("\u2028\u2029\ue000\ud800")).toBe(4);
    expect(codePoint("\u202e")).toBe("U+202E");
    expect(codePoint("\u0007")).toBe("U+0007");
  });

  it("keeps the parts of identifiers, times and numbers in their order", () => {
    expect(kinds("رقم 42-17")).toEqual(["plain رقم ", "ltr 42-17"]);
    expect(kinds("see alpha:14 at 212231Z NOV 26")).toEqual([
      "plain see ",
      "ltr alpha:14",
      "plain  at ",
      "ltr 212231Z NOV 26",
    ]);
    expect(kinds("at 2300Z, 50.4501/30.5234")).toEqual(["plain at ", "ltr 2300Z", "plain , ", "ltr 50.4501/30.5234"]);
  });

  it("counts words as the precedence rules do", () => {
    expect([words(""), words("  "), words("one"), words(" one\n two  three ")]).toEqual([0, 0, 1, 3]);
  });
});
