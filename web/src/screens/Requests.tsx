/** Requests for calls with their answers, and every attempt. No answer by the deadline is "none", which is no refusal. */
import { useState } from "preact/hooks";
import type { Entries, Entry, Line, Request, Requests as Views } from "../api/types";
import { fresh, may } from "../state/console";
import { labelOf } from "../state/lines";
import { about, sayOn } from "../state/saying";
import { now } from "../state/clock";
import { dtg, readDeadline } from "../time/dtg";
import { Chip, Told } from "../view/Chip";
import { useNamed } from "../view/named";
import { mark } from "../view/OfTheWatch";
import { useSaying } from "../view/saying";
import { language, t } from "../words/sentences";
import { useAsked } from "./asked";
import { State, Table, Why } from "./parts";
import style from "./Screens.module.css";
import { LEVELS, word } from "./words";

const COUNT = 100;
const ANSWERS = ["accept", "propose", "delegate", "decline"] as const;
type Answer = (typeof ANSWERS)[number];
const LABELS: Record<Answer, string> = {
  accept: "label-answer-accept",
  propose: "label-answer-propose",
  delegate: "label-answer-delegate",
  decline: "label-answer-decline",
};

export function Requests({ line }: { line: Line }) {
  const { value, why } = useAsked<Views>("/requests", { line: line.line });
  return (
    <>
      <section aria-label={t("label-part-requests")}>
        {may("request") && <New line={line.line} />}
        <Why why={why} />
        {value !== null && !value.requests.length && <p>{t("screen-no-requests")}</p>}
        <ul class={style.list}>
          {value?.requests.map((request) => (
            <Row key={request.id} line={line} request={request} />
          ))}
        </ul>
      </section>
      <Attempts line={line} />
    </>
  );
}

function Row({ line, request }: { line: Line; request: Request }) {
  const me = labelOf(line.me, line.members);
  const ours = request.party === me;
  const ids = request.answers.flatMap((one) => one.answers);
  const entry = useNamed(line.line, ids);
  return (
    <li data-request={request.id}>
      <span class={style.row}>
        <Chip of={request.id} /> <Chip of={request.time.dtg} /> <bdi>{request.party}</bdi>
        <span>{word(request.level)}</span> <span>{word(request.medium)}</span>
        {request.window.length === 2 && (
          <span>
            {request.window.map((one) => (
              <Chip key={one.rfc3339} of={one.dtg} />
            ))}
          </span>
        )}
        {request.reply_by && (
          <strong>
            {t("label-answer-by")} <Chip of={request.reply_by.dtg} />
          </strong>
        )}
        {request.withdrawn && <strong>{t("label-handover-withdrawn")}</strong>}
        {request.mark !== "OPERATION" && <strong>{request.mark === "EXERCISE" ? t("label-exercise") : t("label-test")}</strong>}
      </span>
      <Told text={request.subject} language={null} />
      <ul>
        {request.answers.map((one) => (
          <li key={one.party} data-side={one.party} data-state={one.state}>
            <bdi>{one.party}</bdi>
            {t("label-of")}
            <State of={one.state} /> {one.late && t("label-came-late")}
            {one.answers.map((id) => (
              <Answered key={id} entry={entry(id)} id={id} />
            ))}
          </li>
        ))}
      </ul>
      {!ours && !request.withdrawn && may("request") && <AnswerKeys line={line.line} request={request} />}
    </li>
  );
}

/** What an answer says in full: its window, level, role and reason. */
function Answered({ entry, id }: { entry: Entry | undefined; id: string }) {
  const body = entry?.body ?? {};
  const text = (name: string) => (typeof body[name] === "string" ? String(body[name]) : "");
  const time = (name: string) => (text(name) ? dtg(Date.parse(text(name))) : "");
  return (
    <p class={style.quiet}>
      <Chip of={id} /> {entry && word(text("answer"))} {time("from_ms") && <Chip of={time("from_ms")} />}{" "}
      {time("until_ms") && <Chip of={time("until_ms")} />} {text("level") && word(text("level").toLowerCase().replaceAll("_", "-"))}{" "}
      {text("to") && <bdi>{text("to")}</bdi>}
      {text("reason") && <Told text={text("reason")} language={null} />}
    </p>
  );
}

function AnswerKeys({ line, request }: { line: string; request: Request }) {
  const { told, busy, run } = useSaying();
  const [answer, choose] = useState<Answer>("accept");
  const [from, writeFrom] = useState("");
  const [until, writeUntil] = useState("");
  const [level, chooseLevel] = useState("");
  const [to, writeTo] = useState("");
  const [reason, write] = useState("");
  const times = [from, until].map((text) => (text.trim() ? readDeadline(text, now.value) : null));
  const unreadable = answer === "propose" && times.some((time) => time === null);
  const say = () => {
    const [begin, end] = times;
    const window = answer === "propose" && begin && end ? { from: iso(begin), until: iso(end) } : {};
    const whom = answer === "delegate" ? { ...(level ? { level } : {}), ...(to.trim() ? { to: to.trim() } : {}) } : {};
    run(() => about(request.id, line, "answer-request", { answer, reason: reason.trim(), ...window, ...whom }));
  };
  const time = (label: string, value: string, change: (text: string) => void) => (
    <label>
      {label}{" "}
      <input type="text" dir="ltr" size={12} placeholder="2300Z, +30m" value={value} onInput={(event) => change(event.currentTarget.value)} />
    </label>
  );
  return (
    <form
      class={style.row}
      data-testid="answer-request"
      onSubmit={(event) => {
        event.preventDefault();
        say();
      }}
    >
      <label>
        {t("label-answer-word")}{" "}
        <select data-field="answer" value={answer} onChange={(event) => choose(event.currentTarget.value as Answer)}>
          {ANSWERS.map((one) => (
            <option key={one} value={one}>
              {t(LABELS[one])}
            </option>
          ))}
        </select>
      </label>
      {answer === "propose" && time(t("label-begin"), from, writeFrom)}
      {answer === "propose" && time(t("label-end"), until, writeUntil)}
      {answer === "propose" && <output>{times.map((one) => (one === null ? "" : ` ${dtg(one)}`))}</output>}
      {answer === "delegate" && <Level value={level} choose={chooseLevel} />}
      {answer === "delegate" && (
        <label>
          {t("label-role")} <input type="text" dir="auto" size={12} value={to} onInput={(event) => writeTo(event.currentTarget.value)} />
        </label>
      )}
      <label>
        {t("label-reason")} <input type="text" dir="auto" value={reason} onInput={(event) => write(event.currentTarget.value)} />
      </label>
      <button type="submit" data-act="answer-request" disabled={busy || !fresh.value || unreadable}>
        {t("label-answer-request")}
      </button>
      <Why why={told} />
    </form>
  );
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function Level({ value, choose }: { value: string; choose: (level: string) => void }) {
  return (
    <label>
      {t("label-fact-level")}{" "}
      <select data-field="level" value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("label-no-entry")}</option>
        {LEVELS.map((level) => (
          <option key={level} value={level}>
            {word(level)}
          </option>
        ))}
      </select>
    </label>
  );
}

function New({ line }: { line: string }) {
  const { told, busy, run } = useSaying();
  const [subject, write] = useState("");
  const [level, choose] = useState("");
  const [by, writeBy] = useState("");
  const deadline = by.trim() ? readDeadline(by, now.value) : null;
  const ready = subject.trim() !== "" && level !== "" && (by.trim() === "" || deadline !== null);
  const ask = () => {
    const body = { subject: subject.trim(), level, language: language.value, ...(deadline === null ? {} : { reply_by: iso(deadline) }) };
    run(() => sayOn(line, mark(), "request", body), () => write(""));
  };
  return (
    <form
      class={style.row}
      data-testid="new-request"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) ask();
      }}
    >
      <label>
        {t("label-fact-subject")}{" "}
        <input type="text" dir="auto" size={30} data-field="subject" value={subject} onInput={(event) => write(event.currentTarget.value)} />
      </label>
      <Level value={level} choose={choose} />
      <label>
        {t("label-answer-by")}{" "}
        <input type="text" dir="ltr" size={12} placeholder="2300Z, +48h" value={by} onInput={(event) => writeBy(event.currentTarget.value)} />
      </label>
      <output>{deadline === null ? "" : dtg(deadline)}</output>
      <button type="submit" data-act="new-request" disabled={busy || !fresh.value || !ready}>
        {t("label-ask-for-call")}
      </button>
      <Why why={told} />
    </form>
  );
}

function Attempts({ line }: { line: Line }) {
  const { value, why } = useAsked<Entries>("/entries", { line: line.line, kind: "attempt", count: COUNT });
  return (
    <section aria-label={t("label-attempts")}>
      <h2>{t("label-attempts")}</h2>
      <Why why={why} />
      {value !== null && !value.entries.length && <p>{t("screen-no-attempts")}</p>}
      {value !== null && value.entries.length > 0 && (
        <Table label={t("label-attempts")} head={[t("label-entry"), t("label-when"), t("label-fact-level"), t("label-result")]}>
          {value.entries.map((entry) => (
            <tr key={entry.id} data-attempt={entry.id}>
              <td>
                <Chip of={entry.id} /> <bdi>{entry.label}</bdi> {entry.refs.map((id) => <Chip key={id} of={id} />)}
              </td>
              <td>
                <When of={entry.body.at} />
              </td>
              <td>
                {word(kebab(entry.body.level))} · {word(kebab(entry.body.medium))}{" "}
                {typeof entry.body.to === "string" && entry.body.to && <bdi>{entry.body.to}</bdi>}
              </td>
              <td>{word(String(entry.body.result ?? ""))}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function kebab(value: unknown): string {
  return String(value ?? "").toLowerCase().replaceAll("_", "-");
}

/** A time, no more exactly than it is meant. */
function When({ of }: { of: unknown }) {
  const { ms, grain } = (of ?? {}) as { ms?: number; grain?: string };
  if (ms === undefined) return null;
  const full = dtg(ms);
  if (grain === "DAY") return <Chip of={new Date(ms).toISOString().slice(0, 10)} />;
  return (
    <>
      {grain !== "MINUTE" && `${word("about")} `}
      <Chip of={full} />
    </>
  );
}
