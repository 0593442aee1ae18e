import { beforeEach, describe, expect, it } from "vitest";
import type { Happened } from "../src/api/types";
import { putAside, signingTold, toSign } from "../src/state/signing";
import { entry } from "./views";

const ME = "alpha.example";
const officer = { desk: "W-1", role: "watch", capabilities: [], language: "en", officer: "S-1" };
const told = (type: string, data: object): Happened => ({ type, line: "alpha-bravo", seq: 1, data: data as Happened["data"] });
const flash = (change: object = {}) => told("entry", entry({ unsigned: true, precedence: "FLASH", ...change }));

describe("what waits for the officer's passkey", () => {
  beforeEach(() => {
    toSign.value = [];
  });

  it("is what this desk has said and nobody has signed, once", () => {
    signingTold(flash(), ME, officer);
    signingTold(flash(), ME, officer);
    expect(toSign.value).toEqual([{ line: "alpha-bravo", id: "alpha:3" }]);
  });

  it("is not what others have said, nor what needs no signature", () => {
    signingTold(flash({ desk: "W-2" }), ME, officer);
    signingTold(flash({ party: "bravo.example" }), ME, officer);
    signingTold(flash({ unsigned: false }), ME, officer);
    expect(toSign.value).toEqual([]);
  });

  it("is the officer's own new key, and no other officer's", () => {
    const key = { kind: "officer", desk: "node", unsigned: true };
    signingTold(told("entry", entry({ ...key, id: "alpha:4", body: { pseudonym: "S-1" } })), ME, officer);
    signingTold(told("entry", entry({ ...key, id: "alpha:5", body: { pseudonym: "S-2" } })), ME, officer);
    expect(toSign.value.map((one) => one.id)).toEqual(["alpha:4"]);
  });

  it("is nothing where nobody has logged in with a passkey", () => {
    signingTold(flash(), ME, { ...officer, officer: "" });
    signingTold(flash(), ME, null);
    expect(toSign.value).toEqual([]);
  });

  it("waits no longer once it is signed elsewhere, or put aside", () => {
    signingTold(flash(), ME, officer);
    signingTold(told("change", { id: "alpha:3", kind: "message", what: "displayed" }), ME, officer);
    expect(toSign.value).toHaveLength(1);
    signingTold(told("change", { id: "alpha:3", kind: "message", what: "signed" }), ME, officer);
    expect(toSign.value).toEqual([]);
    signingTold(flash(), ME, officer);
    putAside({ line: "alpha-bravo", id: "alpha:3" });
    expect(toSign.value).toEqual([]);
  });
});
