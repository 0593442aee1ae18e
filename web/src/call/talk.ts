/** The key to talk: held by a hand, or kept open by two short taps. Pure; times are steady milliseconds.
 *
 * A key that is held closes when its hand is lost (the window is left, the pointer goes astray): a gate that is open
 * without anybody knowing is worse than a word cut short. What was kept open on purpose stays open. */

const TAP_MS = 250;
const TWICE_WITHIN_MS = 350;

export interface TalkKey {
  readonly mode: "shut" | "held" | "kept";
  /** What holds it: `key`, or `pointer`. */
  readonly by: string;
  readonly pressedAt: number;
  /** When the last short tap ended. */
  readonly tappedAt: number;
  /** Whether this is the second press of two. */
  readonly second: boolean;
}

export const SHUT: TalkKey = {
  mode: "shut",
  by: "",
  pressedAt: Number.NEGATIVE_INFINITY,
  tappedAt: Number.NEGATIVE_INFINITY,
  second: false,
};

export function isOpen(key: TalkKey): boolean {
  return key.mode !== "shut";
}

/** Pressed. What was kept open closes; a second hand on a key that is held changes nothing. */
export function pressed(key: TalkKey, by: string, at: number): TalkKey {
  if (key.mode === "held") return key;
  if (key.mode === "kept") return SHUT;
  return { mode: "held", by, pressedAt: at, tappedAt: key.tappedAt, second: at - key.tappedAt < TWICE_WITHIN_MS };
}

/** Released. The second of two short taps keeps it open. */
export function released(key: TalkKey, by: string, at: number): TalkKey {
  if (key.mode !== "held" || key.by !== by) return key;
  if (at - key.pressedAt >= TAP_MS) return SHUT;
  return key.second ? kept() : { ...SHUT, tappedAt: at };
}

/** The hand is not known to be there any more. */
export function lost(key: TalkKey): TalkKey {
  return key.mode === "held" ? SHUT : key;
}

/** The button that keeps it open, or ends that. */
export function toggled(key: TalkKey): TalkKey {
  return key.mode === "kept" ? SHUT : kept();
}

function kept(): TalkKey {
  return { ...SHUT, mode: "kept" };
}
