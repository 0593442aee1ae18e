/** The watch of a line: its handover, what is open and whose it is, line checks, absences, silences, and the report. */
import type { Line, WatchLog } from "../api/types";
import { labelOf } from "../state/lines";
import { may, thread } from "../state/console";
import { watchLogs } from "../state/watch";
import { span } from "../time/dtg";
import { Chip, Told } from "../view/Chip";
import { useNamed } from "../view/named";
import { Check } from "../view/OfTheWatch";
import { t } from "../words/sentences";
import { useAsked } from "./asked";
import { Handovers } from "./Handover";
import { Ledger } from "./Ledger";
import { OpenEntry, State, Table, Why } from "./parts";
import style from "./Screens.module.css";
import { word } from "./words";

const COUNT = 20;
const BEGINNING = 200;

export function Watch({ line }: { line: Line }) {
  const asked = useAsked<WatchLog>("/watch", { line: line.line, count: COUNT });
  const log = asked.value ?? watchLogs.value.get(line.line) ?? null;
  return (
    <>
      <Why why={asked.why} />
      {log === null ? (
        <p>{t("screen-opening")}</p>
      ) : (
        <>
          <Handovers line={line} log={log} />
          <Open line={line} log={log} />
          <Checks line={line} log={log} />
        </>
      )}
      <Ledger line={line} />
    </>
  );
}

/** An entry by its id with the beginning of what it says. */
export function Brief({ line, entry }: { line: string; entry: string }) {
  const found = useNamed(line, [entry])(entry);
  const text = found?.text ?? found?.subject ?? "";
  return (
    <>
      <Chip of={entry} /> {found && found.kind !== "message" && <bdi class={style.quiet}>{found.kind}</bdi>}
      {text && <Told text={text.length > BEGINNING ? `${text.slice(0, BEGINNING)} …` : text} language={found?.language ?? null} />}
    </>
  );
}

function Open({ line, log }: { line: Line; log: WatchLog }) {
  return (
    <section aria-label={t("label-open-items")}>
      <h2>{t("label-open-items")}</h2>
      {!log.open.length && <p>{t("screen-nothing-open")}</p>}
      {log.open.length > 0 && (
        <Table label={t("label-open-items")} head={[t("label-entry"), t("label-precedence"), t("label-owner"), ""]}>
          {log.open.map((item) => (
            <tr key={item.id} data-open={item.id}>
              <td>
                <Brief line={line.line} entry={item.id} />
              </td>
              <td>{item.precedence}</td>
              <td>{item.owner === null ? <strong class={style.wrong}>{t("label-nobody-owns")}</strong> : <bdi>{item.owner}</bdi>}</td>
              <td>{thread(line.line).entry(item.id)?.value.kind === "message" && <OpenEntry line={line.line} entry={item.id} />}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function Checks({ line, log }: { line: Line; log: WatchLog }) {
  const label = (party: string) => labelOf(party, line.members);
  return (
    <section aria-label={t("label-checks")}>
      <h2>{t("label-checks")}</h2>
      {log.dates.length > 0 && (
        <Table label={t("label-checks")} head={[t("label-due-at"), t("label-check-form"), t("label-stands"), ""]}>
          {log.dates.map((date) => (
            <tr key={`${date.form} ${date.due.rfc3339}`} data-date={date.state}>
              <td>
                <Chip of={date.due.dtg} />
              </td>
              <td>{word(date.form)}</td>
              <td>
                <State of={date.state} />
              </td>
              <td class={style.row}>
                {may("accept") && (date.state === "due" || date.state === "late") && (
                  <Check line={line.line} form={date.form} due={date.due.rfc3339} />
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {log.checks.length > 0 && (
        <Table label={t("label-checks-made")} head={[t("label-entry"), t("label-check-form"), t("label-called-by"), t("label-answered")]}>
          {log.checks.map((check) => (
            <tr key={check.id} data-check={check.id}>
              <td>
                <Chip of={check.id} /> <Chip of={check.time.dtg} />
              </td>
              <td>{word(check.form)}</td>
              <td>
                <bdi>{label(check.party)}</bdi> · <bdi>{check.by}</bdi>
              </td>
              <td>
                {check.answers.map((one) => (
                  <span key={one.party}>
                    <bdi>{label(one.party)}</bdi> · <bdi>{one.by}</bdi> {t("label-after", { span: span(one.took_ms) })}{" "}
                  </span>
                ))}
                {!check.answers.length && t("label-not-answered-yet")}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {log.absences.length > 0 && (
        <>
          <h3>{t("label-absences")}</h3>
          <ul class={style.list}>
            {log.absences.map((one) => (
              <li key={one.id}>
                <span>
                  <Chip of={one.id} /> <bdi>{label(one.party)}</bdi> · <bdi>{one.desk}</bdi>
                  {t("label-of")}
                  {t("label-sign-due")}{" "}
                  <Chip of={one.due.dtg} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
