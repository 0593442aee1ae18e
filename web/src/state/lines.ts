/** What follows from a line's view alone: pure, so that it can be tested without a screen. */
import type { Entry, Line, Stage } from "../api/types";

/** The shapes of the one scale of urgency. */
export type Urgency = "ok" | "u3" | "u2" | "u1" | "unk";

export const URGENCY_OF_STATE: Record<string, Urgency> = {
  PROVEN: "ok",
  LATE: "u3",
  SUSPENDED: "u3",
  ONE_PATH_LEFT: "u2",
  QUARANTINED: "u2",
  NEVER_HEARD: "u1",
  OPENING: "u3",
  ENDED: "unk",
  DOWN: "u1",
  FORKED: "u1",
};

export const URGENCY_OF_PRECEDENCE: Record<string, Urgency | null> = {
  FLASH: "u1",
  IMMEDIATE: "u2",
  PRIORITY: "u3",
  ROUTINE: null,
};

/** What people call a party: the first word of its id, or all of it where two would be the same. */
export function labelOf(party: string, members: readonly string[]): string {
  const first = (id: string) => id.split(".", 1)[0] ?? id;
  const label = first(party);
  return members.filter((member) => first(member) === label).length > 1 ? party : label;
}

/** What of a line never changes: who is on it, and who we are. */
export type Sides = Pick<Line, "line" | "me" | "members">;

/** Everybody on the line but us. */
export function peersOf(line: Sides): string[] {
  return line.members.filter((member) => member !== line.me);
}

/** Lines in places that never move: those known keep theirs, new ones come behind, by name. */
export function placed(known: readonly string[], lines: readonly string[]): string[] {
  return [...known, ...lines.filter((line) => !known.includes(line)).toSorted()];
}

/** A rung of the ladder of an entry. `parties` have stated it; `whole` when everybody who can has. */
export interface Rung {
  stage: string;
  parties: { label: string; at: string; to: string }[];
  whole: boolean;
  dueAt: string | null;
}

const RUNGS = ["RECEIVED", "DISPLAYED", "ACCEPTED", "PASSED", "ANSWERED"] as const;

/** The rungs above "in our log", lowest first. PASSED stands there only when it is awaited or stated. */
export function ladder(entry: Entry, line: Sides): Rung[] {
  const ours = entry.party === line.me;
  const able = ours ? peersOf(line) : [line.me];
  const awaited = new Set(entry.due.map((due) => due.stage));
  return RUNGS.filter((stage) => ours || stage !== "RECEIVED")
    .filter((stage) => stage !== "PASSED" || awaited.has("PASSED") || has(entry, "PASSED"))
    .map((stage) => {
      const stated = entry.stages.filter((one) => one.stage === stage);
      const labels = able.map((party) => labelOf(party, line.members));
      return {
        stage,
        parties: stated.map((one) => ({ label: one.party, at: one.time.dtg, to: one.to ?? "" })),
        whole: labels.every((label) => stated.some((one) => one.party === label)),
        dueAt: entry.due.find((due) => due.stage === stage)?.time.dtg ?? null,
      };
    });
}

function has(entry: Entry, stage: string): boolean {
  return entry.stages.some((one) => one.stage === stage);
}

/** Whether we have stated one of these stages of an entry of theirs. */
export function weStated(entry: Entry, line: Sides, stages: readonly string[]): boolean {
  const me = labelOf(line.me, line.members);
  return entry.stages.some((one: Stage) => one.party === me && stages.includes(one.stage));
}

/** Whether some peer has not receipted this entry of ours: it is in our log and nowhere else for certain. */
export function undelivered(entry: Entry, line: Sides): boolean {
  if (entry.party !== line.me) return false;
  return !ladder(entry, line).some((rung) => rung.stage === "RECEIVED" && rung.whole);
}
