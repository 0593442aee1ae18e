/** Calls that are over, in their places among the messages of a line. Pure. */

/** What stands before the id of a call in a thread; ids of messages have none. */
export const CALL = "call/";

export interface Past {
  id: string;
  /** When it was rung, in milliseconds since 1970. */
  at: number;
}

/** Ids in the order of their times: messages as they are, each call before the first that is later than it.
 *
 * `older` says that earlier messages are not loaded; calls of that time are left out, until they are. */
export function among(messages: readonly string[], timeOf: (id: string) => number, past: readonly Past[], older: boolean): string[] {
  if (!past.length) return [...messages];
  const calls = past.toSorted((a, b) => a.at - b.at);
  const found: string[] = [];
  let next = 0;
  for (const [place, id] of messages.entries()) {
    for (; next < calls.length && (calls[next] as Past).at < timeOf(id); next++) {
      if (place || !older) found.push(CALL + (calls[next] as Past).id);
    }
    found.push(id);
  }
  return [...found, ...calls.slice(next).map((call) => CALL + call.id)];
}
