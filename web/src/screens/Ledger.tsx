/** The silences of a line as each side states them, checks that were skipped or missed, and the report of a month. */
import { useState } from "preact/hooks";
import { address } from "../api/client";
import type { Ledger as View, Line } from "../api/types";
import { now } from "../state/clock";
import { labelOf } from "../state/lines";
import { Chip } from "../view/Chip";
import { language, t } from "../words/sentences";
import { useAsked } from "./asked";
import { State, Table, Why } from "./parts";
import style from "./Screens.module.css";
import { word } from "./words";

export function Ledger({ line }: { line: Line }) {
  const [since, writeSince] = useState("");
  const [until, writeUntil] = useState("");
  const { value, why } = useAsked<View>("/silences", { line: line.line, since: since || undefined, until: until || undefined });
  const label = (party: string) => labelOf(party, line.members);
  const none = value !== null && !value.silences.length && !value.missed.length && !value.skipped.length;
  return (
    <section aria-label={t("label-silences")} data-testid="ledger">
      <h2>{t("label-silences")}</h2>
      <div class={style.row}>
        <label>
          {t("label-since")} <input type="date" value={since} onInput={(event) => writeSince(event.currentTarget.value)} />
        </label>
        <label>
          {t("label-until")} <input type="date" value={until} onInput={(event) => writeUntil(event.currentTarget.value)} />
        </label>
        <Report line={line.line} />
      </div>
      <Why why={why} />
      {none && <p>{t("screen-no-silences")}</p>}
      {value !== null && value.silences.length > 0 && (
        <Table label={t("label-silences")} head={[t("label-begin"), t("label-end"), t("label-stated-by"), t("label-cause")]}>
          {value.silences.flatMap((episode) => [
            ...episode.told.map((one) => (
              <tr key={one.id}>
                <td>
                  <Chip of={one.begin.dtg} />
                </td>
                <td>{one.end === null ? t("label-lasts") : <Chip of={one.end.dtg} />}</td>
                <td>
                  <bdi>{label(one.party)}</bdi> <Chip of={one.id} />
                </td>
                <td>
                  {word(one.cause)} <bdi>{label(one.about)}</bdi>
                </td>
              </tr>
            )),
            ...episode.gaps.map((gap) => (
              <tr key={`gap ${gap.begin.rfc3339} ${gap.told_by.join()}`} data-gap>
                <td>
                  <Chip of={gap.begin.dtg} />
                </td>
                <td>
                  <Chip of={gap.end.dtg} />
                </td>
                <td colSpan={2}>
                  <strong>{t("label-only-stated-by", { parties: gap.told_by.map(label).join(", ") })}</strong>
                </td>
              </tr>
            )),
            ...episode.not_stated.map((party) => (
              <tr key={`${episode.begin.rfc3339} ${party}`}>
                <td>
                  <Chip of={episode.begin.dtg} />
                </td>
                <td />
                <td colSpan={2}>
                  <bdi>{label(party)}</bdi>
                  {t("label-of")}
                  {t("label-not-stated")}
                </td>
              </tr>
            )),
          ])}
        </Table>
      )}
      {value !== null && [...value.skipped, ...value.missed].length > 0 && (
        <ul class={style.list}>
          {[...value.skipped, ...value.missed].map((date) => (
            <li key={`${date.form} ${date.due.rfc3339}`}>
              <span>
                {word(date.form)} <Chip of={date.due.dtg} /> <State of={date.state} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The page that our node makes of the record: the same figures at every member. */
function Report({ line }: { line: string }) {
  const [month, write] = useState(new Date(now.peek()).toISOString().slice(0, 7));
  const right = /^\d{4}-\d\d$/.test(month);
  return (
    <>
      <label>
        {t("label-month")}{" "}
        <input type="month" pattern="\d{4}-\d\d" value={month} onInput={(event) => write(event.currentTarget.value)} />
      </label>
      {right && (
        <a data-testid="report" href={address("/report/page", { line, month, language: language.value })} target="_blank" rel="noopener">
          {t("label-report")}
        </a>
      )}
    </>
  );
}
