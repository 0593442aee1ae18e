/** Which calls of a line were recorded, and what there is to play. Asked for when a room opens, and when more is on the record. */
import { signal } from "@preact/signals";
import { get } from "../api/client";
import type { Recording } from "../api/types";

export type { Recording };

const ASK_AFTER_MS = 1_000;

/** By line, newest first. */
export const recordings = signal<ReadonlyMap<string, readonly Recording[]>>(new Map());

const asked = new Map<string, ReturnType<typeof setTimeout>>();

export async function askRecordings(line: string): Promise<void> {
  const found = await get<Recording[]>("/recordings", { query: { line } });
  recordings.value = new Map([...recordings.peek(), [line, found]]);
}

/** A part of a recording is on the record: ask once for all that come within a moment. */
export function recordedMore(line: string): void {
  if (!recordings.peek().has(line) || asked.has(line)) return; // Its room was never open.
  const ask = () => {
    asked.delete(line);
    void askRecordings(line).catch(() => undefined); // Asked again with the next part, or when the room is opened.
  };
  asked.set(line, setTimeout(ask, ASK_AFTER_MS));
}

export function forgetRecordings(): void {
  recordings.value = new Map();
}
