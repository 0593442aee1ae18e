/** Putting something on the record: said once, however often it is pressed. */
import { newKey, NoAnswer, post, Refused } from "../api/client";
import type { Said } from "../api/types";

/** Why something was not done, or may not have been; null when it was. */
export type Failure = Refused | NoAnswer | null;

type Query = Record<string, string | undefined>;

/** A verb about an entry that is there already. The node gives it the mark of that entry. */
export function about(entry: string, line: string, verb: string, body: object = {}): Promise<Failure> {
  return said(`${line}/${entry}/${verb}/${JSON.stringify(body)}`, `/entries/${entry}/${verb}`, { line }, body);
}

/** Any other verb, on a line. */
export function sayOn(line: string, mark: string, verb: string, body: object = {}): Promise<Failure> {
  return said(`${line}/${verb}/${JSON.stringify(body)}`, `/lines/${line}/say`, { mark }, { verb, arguments: body });
}

const keys = new Map<string, string>();

/** Say it under a key that stays until the node has answered: pressed again, it is said once. */
export async function said(name: string, path: string, query: Query, body: unknown): Promise<Failure> {
  const key = keys.get(name) ?? newKey();
  keys.set(name, key);
  try {
    await post<Said>(path, { query, body, key });
  } catch (why) {
    if (why instanceof NoAnswer || (why instanceof Refused && why.status >= 500)) return why;
    keys.delete(name);
    if (why instanceof Refused) return why;
    throw why;
  }
  keys.delete(name);
  return null;
}
