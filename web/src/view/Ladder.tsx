/** How far an entry has come, rung by rung. No tick stands before the peer's own statement. */
import type { Entry } from "../api/types";
import { fresh } from "../state/console";
import { ladder, type Rung, type Sides } from "../state/lines";
import { t } from "../words/sentences";
import { Chip } from "./Chip";
import style from "./Ladder.module.css";

const LABELS: Record<string, string> = {
  RECEIVED: "label-in-their-log",
  DISPLAYED: "label-displayed",
  ACCEPTED: "label-accepted",
  PASSED: "label-passed",
  ANSWERED: "label-answered",
};

export function Ladder({ entry, line }: { entry: Entry; line: Sides }) {
  const ours = entry.party === line.me;
  const rungs = ladder(entry, line);
  return (
    <ol class={style.ladder} data-testid="ladder" aria-label={ours ? t("label-they-say") : t("label-we-say")}>
      {ours && (
        <>
          <li data-rung="WRITTEN" data-reached="ours">
            {t("label-written")} <Chip of={entry.time.dtg} />
          </li>
          <li data-rung="RECORDED" data-reached="ours">
            {t("label-in-our-log")}
          </li>
        </>
      )}
      {rungs.map((rung) => (
        <Step key={rung.stage} rung={rung} many={line.members.length > 2} />
      ))}
    </ol>
  );
}

function Step({ rung, many }: { rung: Rung; many: boolean }) {
  const stated = rung.parties.length > 0;
  return (
    <li data-rung={rung.stage} data-reached={rung.whole ? "yes" : stated ? "some" : "no"}>
      <span class={style.mark} aria-hidden="true">
        {rung.whole ? "✓" : stated ? "◐" : "○"}
      </span>
      <span class={style.name}>{t(LABELS[rung.stage] ?? "label-no-data")}</span>
      {rung.parties.map((one) => (
        <span key={`${one.label}/${one.to}`}>
          {(many || one.to) && <Chip of={one.to ? `${one.label} → ${one.to}` : one.label} />} <Chip of={one.at} />
        </span>
      ))}
      {!rung.whole && (
        <span class={style.due}>
          {!fresh.value && t("label-not-known")}
          {fresh.value && (rung.dueAt === null ? t("label-not-yet") : t("label-not-yet-due", { time: rung.dueAt }))}
        </span>
      )}
    </li>
  );
}
