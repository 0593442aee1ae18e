/** Entries that another one names, such as a translation or a step of a read-back: asked for, and drawn when they are here. */
import { useEffect, useState } from "preact/hooks";
import type { Entry } from "../api/types";
import { thread } from "../state/console";

export function useNamed(line: string, ids: readonly string[]): (id: string) => Entry | undefined {
  const [, draw] = useState(0);
  useEffect(() => {
    for (const id of ids) void thread(line).need(id).then(() => draw((count) => count + 1), () => undefined);
  }, [line, ids.join(" ")]);
  return (id) => thread(line).entry(id)?.value;
}
