/** What was written and is not known to be sent. Kept in this page only; nothing is sent by itself. */
import { signal } from "@preact/signals";
import { newKey, NoAnswer, post, Refused } from "../api/client";
import type { Precedence, Said } from "../api/types";

export interface Draft {
  /** The idempotency key: sent again with it, the message cannot be said twice. */
  key: string;
  /** Whose it is: nobody else sees it. */
  desk: string;
  line: string;
  text: string;
  precedence: Precedence;
  /** RFC 3339, or null. */
  replyBy: string | null;
  language: string;
  mark: string;
  /** The entry this answers, or null. */
  replyTo: string | null;
  /** Whether the other side is asked to read it back. */
  readBack: boolean;
  /** NOT SENT, or nobody knows: the link broke while it was sent. */
  state: "unsent" | "unknown" | "sending";
}

export const drafts = signal<readonly Draft[]>([]);

/** What stands in a composer and was not sent. */
export interface Written {
  text: string;
  precedence: Precedence;
  answerBy: string;
  replyTo: string | null;
  readBack: boolean;
}

export const EMPTY: Written = { text: "", precedence: "ROUTINE", answerBy: "", replyTo: null, readBack: false };

/** The composers, by `place`: changing the room loses nothing. */
const written = signal<ReadonlyMap<string, Written>>(new Map());
const place = (desk: string, line: string) => `${desk}\n${line}`;

export function writtenOn(desk: string, line: string): Written {
  return written.value.get(place(desk, line)) ?? EMPTY;
}

export function write(desk: string, line: string, change: Partial<Written>): void {
  const before = written.peek().get(place(desk, line)) ?? EMPTY;
  written.value = new Map([...written.peek(), [place(desk, line), { ...before, ...change }]]);
}

export type Sent = { said: Said } | { refused: Refused } | { unknown: true };

export function draft(of: Omit<Draft, "key" | "state">): Draft {
  return { ...of, key: newKey(), state: "unsent" };
}

/** Send it. Refused means: nothing was written. Unknown means: keep it, and send it again under the same key. */
export async function send(one: Draft): Promise<Sent> {
  const letter = {
    text: one.text,
    language: one.language,
    precedence: one.precedence.toLowerCase(),
    ...(one.replyBy === null ? {} : { reply_by: one.replyBy }),
    ...(one.readBack && one.replyTo === null ? { read_back: true } : {}),
  };
  const path = one.replyTo === null ? "/messages" : `/entries/${one.replyTo}/reply`;
  try {
    return { said: await post<Said>(path, { query: { line: one.line, mark: one.mark }, body: letter, key: one.key }) };
  } catch (why) {
    if (why instanceof Refused) return why.status === 503 || why.status === 500 ? { unknown: true } : { refused: why };
    if (why instanceof NoAnswer) return { unknown: true };
    throw why;
  }
}

export function keep(one: Draft): void {
  drafts.value = [...drafts.peek().filter((other) => other.key !== one.key), one];
}

/** Whoever sits here now sees what was written at this desk, and nothing of another. */
export function keepOf(desk: string | null): void {
  drafts.value = drafts.peek().filter((one) => one.desk === desk);
  written.value = new Map([...written.peek()].filter(([at]) => desk !== null && at.startsWith(place(desk, ""))));
}

export function drop(key: string): void {
  drafts.value = drafts.peek().filter((one) => one.key !== key);
}
