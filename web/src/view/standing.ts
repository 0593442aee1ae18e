/** The word of how a call stands. */
import type { Standing } from "../call/words";
import { t } from "../words/sentences";

const WORDS: Record<Standing, string> = {
  "calls-us": "label-call-calls-us",
  rings: "label-call-rings",
  connected: "label-call-connected",
  "on-hold": "label-call-on-hold",
  "held-by-them": "label-call-held-by-them",
  "sound-lost": "label-call-sound-lost",
  ended: "label-call-ended",
};

export function word(standing: Standing): string {
  return t(WORDS[standing]);
}
