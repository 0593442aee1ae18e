/** What a late watch has written of itself: which stage was due when, and whom each step woke. */
import type { Entry } from "../api/types";
import { t } from "../words/sentences";
import { Chip } from "./Chip";
import style from "./Message.module.css";

const STEPS: Record<string, string> = {
  ALL_POSITIONS: "label-woke-positions",
  SUPERVISOR: "label-woke-supervisor",
  RING_DOWN: "label-woke-voice",
  NEXT_PATH: "label-woke-next-path",
};
const STAGES: Record<string, string> = {
  DISPLAYED: "label-displayed",
  ACCEPTED: "label-accepted",
  PASSED: "label-passed",
  ANSWERED: "label-answered",
  READ_BACK: "label-read-back-step",
};

export function Late({ entry }: { entry: Entry }) {
  if (!entry.escalations.length) return null;
  return (
    <ul class={style.replies} aria-label={t("label-late-watch")} data-testid="late">
      {entry.escalations.map((row) => (
        <li key={row.id} data-step={row.step}>
          <bdi>{row.party}</bdi>
          {t("label-of")}
          {t(STAGES[row.stage] ?? "label-no-data")}, {t("label-due")} <Chip of={row.due.dtg} /> ·{" "}
          <strong>{t(STEPS[row.step] ?? "label-no-data")}</strong> <Chip of={row.at.dtg} />
        </li>
      ))}
    </ul>
  );
}
