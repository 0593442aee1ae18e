/** Handing the watch over: every open item is accepted by itself, none can be skipped, and the node refuses anything else. */
import { useState } from "preact/hooks";
import type { Handover, Line, WatchLog } from "../api/types";
import { fresh, may, session } from "../state/console";
import { about, sayOn } from "../state/saying";
import { Chip } from "../view/Chip";
import { mark } from "../view/OfTheWatch";
import { useSaying } from "../view/saying";
import { t } from "../words/sentences";
import { State, Why } from "./parts";
import style from "./Screens.module.css";
import { Brief } from "./Watch";

export function Handovers({ line, log }: { line: Line; log: WatchLog }) {
  const ours = log.handovers.filter((one) => one.party === line.me);
  const offered = ours.filter((one) => one.state === "offered");
  const desk = session.value?.desk ?? "";
  return (
    <section aria-label={t("label-handover")}>
      <h2>{t("label-handover")}</h2>
      {log.unowned.length > 0 && (
        <p class={style.wrong} role="alert" data-testid="unowned">
          {t("screen-flash-unowned")}{" "}
          {log.unowned.map((id) => (
            <Chip key={id} of={id} />
          ))}
        </p>
      )}
      {offered.map((one) => (
        <Offered key={one.id} line={line} log={log} turn={one} />
      ))}
      {may("accept") && !offered.some((one) => one.desk === desk) && <HandOver line={line} log={log} />}
      <ul class={style.list}>
        {ours
          .filter((one) => one.state !== "offered")
          .map((one) => (
            <li key={one.id} data-handover={one.id}>
              <span>
                <Chip of={one.id} /> <State of={one.state} /> <bdi>{one.by}</bdi> → <bdi>{one.closed_by ?? one.to}</bdi>{" "}
                {one.closed && <Chip of={one.closed.dtg} />}
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}

function HandOver({ line, log }: { line: Line; log: WatchLog }) {
  const { told, busy, run } = useSaying();
  const [by, writeBy] = useState("");
  const [to, writeTo] = useState("");
  const [note, write] = useState("");
  const offer = () => run(() => sayOn(line.line, mark(), "hand-over", { by: by.trim(), to: to.trim(), note: note.trim() }));
  return (
    <form
      class={style.row}
      data-testid="hand-over"
      onSubmit={(event) => {
        event.preventDefault();
        offer();
      }}
    >
      <Field label={t("label-who-goes")} name="by" value={by} write={writeBy} />
      <Field label={t("label-who-comes")} name="to" value={to} write={writeTo} />
      <Field label={t("label-note")} name="note" value={note} write={write} />
      <button type="submit" data-act="hand-over" disabled={busy || !fresh.value}>
        {t("label-hand-over", { count: log.open.length })}
      </button>
      <Why why={told} />
    </form>
  );
}

interface Fielded {
  label: string;
  name: string;
  value: string;
  write: (text: string) => void;
}

function Field({ label, name, value, write }: Fielded) {
  return (
    <label>
      {label} <input type="text" dir="auto" data-field={name} value={value} onInput={(event) => write(event.currentTarget.value)} />
    </label>
  );
}

function Offered({ line, log, turn }: { line: Line; log: WatchLog; turn: Handover }) {
  const { told, busy, run } = useSaying();
  const [by, writeBy] = useState("");
  const [reason, write] = useState("");
  const step = (name: string, more: object = {}) => {
    run(() => about(turn.id, line.line, "take-over", { step: name, by: by.trim(), ...more }));
  };
  const items = [...new Set([...turn.listed, ...turn.missing])];
  const off = busy || !fresh.value;
  return (
    <div class={style.list} data-handover={turn.id} data-state={turn.state}>
      <p>
        <Chip of={turn.id} /> <State of={turn.state} /> <bdi>{turn.by}</bdi> → <bdi>{turn.to || t("label-next-officer")}</bdi>{" "}
        <Chip of={turn.offered.dtg} />
      </p>
      {turn.left_out > 0 && <p>{t("screen-left-out", { count: turn.left_out })}</p>}
      <ul class={style.list}>
        {items.map((id) => (
          <li key={id} data-item={id} data-accepted={turn.accepted.includes(id)}>
            <Brief line={line.line} entry={id} />
            <span class={style.row}>
              <span>{log.open.find((one) => one.id === id)?.precedence ?? ""}</span>
              {turn.accepted.includes(id) ? (
                <strong>{t("label-have-it")}</strong>
              ) : (
                may("accept") && (
                  <button type="button" data-act="take-item" disabled={off} onClick={() => step("accept", { items: [id] })}>
                    {t("label-i-have-it")} <Chip of={id} />
                  </button>
                )
              )}
            </span>
          </li>
        ))}
      </ul>
      {may("accept") && (
        <div class={style.row}>
          <Field label={t("label-who-comes")} name="taker" value={by} write={writeBy} />
          <button type="button" data-primary data-act="take-watch" disabled={off || turn.missing.length > 0} onClick={() => step("take")}>
            {t("label-take-watch")}
          </button>
          {turn.missing.length > 0 && <span>{t("label-still-missing", { count: turn.missing.length })}</span>}
          <Field label={t("label-reason-needed")} name="refusal" value={reason} write={write} />
          <button type="button" data-act="refuse-watch" disabled={off || !reason.trim()} onClick={() => step("refuse", { reason: reason.trim() })}>
            {t("label-refuse-watch")}
          </button>
          <button type="button" data-act="withdraw-watch" disabled={off} onClick={() => step("withdraw", { reason: reason.trim() })}>
            {t("label-withdraw-offer")}
          </button>
        </div>
      )}
      <Why why={told} />
    </div>
  );
}
