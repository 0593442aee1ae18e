/** A button that puts something on the record: busy while it is said, and why when it was not. */
import { useState } from "preact/hooks";
import type { Failure } from "../state/saying";
import { explained } from "./failure";

export interface Saying {
  /** Why the last one was not done, as a sentence. */
  told: string;
  busy: boolean;
  /** Do it; `then` follows when it was done. */
  run: (work: () => Promise<Failure>, then?: () => void) => void;
}

export function useSaying(): Saying {
  const [told, tell] = useState("");
  const [busy, work] = useState(false);
  const run = async (act: () => Promise<Failure>, then?: () => void) => {
    tell("");
    work(true);
    const why = await act();
    work(false);
    if (why) tell(explained(why));
    else then?.();
  };
  return { told, busy, run: (act, then) => void run(act, then) };
}
