/** Text of the other side, cut into pieces that are safe to show: nothing in it may move, hide or reverse what is read. */

export type Piece =
  | { kind: "plain"; text: string }
  /** A character that acts on a display instead of standing on it; shown as its code point. */
  | { kind: "hidden"; text: string }
  /** Digits, identifiers and times: their parts would change places in a paragraph written from the right. */
  | { kind: "ltr"; text: string };

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const LTR = /[a-z][\w.-]*:\d+|\d[\w]*(?:[-./:,]\w*\d\w*)+|\d{4,6}Z(?: [A-Z]{3} \d\d)?/u;
const EACH = new RegExp(`(?<hidden>(?![\\n\\t])${HIDDEN.source})|(?<ltr>${LTR.source})`, "gu");

/** The pieces of `text`, in order; put together again they are the text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(EACH)) {
    if (match.index > from) found.push({ kind: "plain", text: text.slice(from, match.index) });
    const hidden = match.groups?.hidden;
    found.push(hidden === undefined ? { kind: "ltr", text: match[0] } : { kind: "hidden", text: hidden });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ kind: "plain", text: text.slice(from) });
  return found;
}

/** `U+202E`. */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** How many characters of `text` act on a display. */
export function hiddenCount(text: string): number {
  return pieces(text).filter((piece) => piece.kind === "hidden").length;
}

/** How many words, as the precedence rules count them: runs between white space. */
export function words(text: string): number {
  return text.trim() === "" ? 0 : text.trim().split(/\s+/u).length;
}
