/** Why something was not done, as a sentence. */
import { NoAnswer, Refused } from "../api/client";
import { t } from "../words/sentences";

export function explained(why: Refused | NoAnswer): string {
  return why instanceof Refused && why.status < 500 ? why.refusal.text : t("screen-step-unknown");
}
