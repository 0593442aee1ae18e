/** What the watch itself asks for, beside the need: a sign, a line check, its answer, and who is on a line that is down. */
import { useState } from "preact/hooks";
import type { Call, Entry } from "../api/types";
import { calls } from "../state/calls";
import { fresh, may, session, sitting, status } from "../state/console";
import type { Due, Need } from "../state/needs";
import { about, sayOn } from "../state/saying";
import { onWatch, orderwire } from "../state/watch";
import { clock } from "../time/dtg";
import { language, t } from "../words/sentences";
import { askToRing } from "./Asking";
import { Chip, Told } from "./Chip";
import style from "./Needs.module.css";
import { useSaying } from "./saying";

const FORMS: Record<string, string> = { text: "label-form-text", voice: "label-form-voice", ping: "label-form-ping" };

export function formWord(form: string): string {
  return t(FORMS[form] ?? "label-no-data");
}

export function toldOfWatch(due: Due, line: string): string {
  if (due.what === "presence") return t("screen-need-presence", { desk: session.value?.desk ?? "" });
  if (due.what === "handover") return t("screen-need-handover", { by: due.by, to: due.to || t("label-next-officer"), line });
  return t("screen-need-check", { form: formWord(due.form), line, time: clock(Date.parse(due.due)) });
}

export function OfTheWatch({ need, due }: { need: Need; due: Due }) {
  if (due.what === "presence") return <Present />;
  if (due.what === "check" && may("accept")) return <Check line={need.line} form={due.form} due={due.due} />;
  return null;
}

/** One key: somebody is there. False where nobody is asked. */
export function saysPresent(): boolean {
  if (sitting.value === undefined || !fresh.value) return false;
  void onWatch();
  return true;
}

function Present() {
  const { told, busy, run } = useSaying();
  return (
    <>
      {told && <span role="alert">{told}</span>}
      <button type="button" data-primary data-act="present" aria-keyshortcuts="y" disabled={busy || !fresh.value} onClick={() => run(onWatch)}>
        {t("label-i-am-here")}
      </button>
    </>
  );
}

/** A check by text is one press; one by voice is a call, entered afterwards. */
export function Check({ line, form, due }: { line: string; form: string; due: string }) {
  const { told, busy, run } = useSaying();
  const say = (more: object) => run(() => sayOn(line, mark(), "check", { form, due, ...more }));
  const call = form === "voice" ? lastCall(line, Date.parse(due)) : undefined;
  return (
    <>
      {told && <span role="alert">{told}</span>}
      {form === "text" && (
        <button type="button" data-primary data-act="check-text" disabled={busy || !fresh.value} onClick={() => say({})}>
          {t("label-make-check")}
        </button>
      )}
      {form === "voice" && (
        <button type="button" data-act="check-voice" disabled={!fresh.value} onClick={() => askToRing(line, "line-check")}>
          {t("label-line-check")}
        </button>
      )}
      {call && (
        <button type="button" data-primary data-act="check-call" disabled={busy || !fresh.value} onClick={() => say({ call: call.id })}>
          {t("label-enter-call")} <Chip of={call.id} />
        </button>
      )}
    </>
  );
}

const EARLY_MS = 60 * 60_000;

/** The newest answered call of this date: a check by voice names its call. */
function lastCall(line: string, due: number): Call | undefined {
  const found = [...calls.value.values()].filter((call) => call.line === line && call.answered_at !== null);
  return found.filter((call) => Math.abs(Date.parse(call.rung_at) - due) < EARLY_MS).toSorted((a, b) => a.rung_at.localeCompare(b.rung_at)).at(-1);
}

export function mark(): string {
  return status.value?.exercise ? "EXERCISE" : "OPERATION";
}

/** They call us up: whoever answers says that our watch is here. */
export function Answer({ entry }: { entry: Entry }) {
  const { told, busy, run } = useSaying();
  if (!may("accept")) return null;
  return (
    <>
      {told && <span role="alert">{told}</span>}
      <button
        type="button"
        data-primary
        data-act="answer-check"
        disabled={busy || !fresh.value}
        onClick={() => run(() => about(entry.id, entry.line, "ack"))}
      >
        {t("label-we-are-here")}
      </button>
    </>
  );
}

/** "I am on it": said to the operators of the line and kept with it. The condition stays until it clears itself. */
export function OnIt({ line }: { line: string }) {
  const { told, busy, run } = useSaying();
  const [reason, write] = useState<string | null>(null);
  const since = status.value?.lines.find((one) => one.line === line)?.proven_at;
  const last = orderwire.value.get(line)?.[0];
  const shown = last && since && Date.parse(last.time.rfc3339) >= Date.parse(since) ? last : undefined;
  const say = () => {
    const text = t("label-on-it-said", { desk: session.value?.desk ?? "", reason: reason?.trim() ?? "" });
    run(() => sayOn(line, mark(), "service", { text, language: language.value }), () => write(null));
  };
  return (
    <>
      {shown && (
        <span class={style.due} data-testid="orderwire">
          {t("label-we-say")}
          {t("label-of")}
          <bdi>{shown.desk}</bdi> <Chip of={shown.time.dtg} />
          <Told text={shown.text ?? ""} language={shown.language} />
        </span>
      )}
      {may("service") && reason === null && (
        <button type="button" data-act="on-it" disabled={!fresh.value} onClick={() => write("")}>
          {t("label-on-it")}
        </button>
      )}
      {reason !== null && (
        <form
          class={style.act}
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim()) say();
          }}
        >
          <label>
            {t("label-what-i-do")} <input type="text" dir="auto" value={reason} onInput={(event) => write(event.currentTarget.value)} />
          </label>
          <button type="submit" data-primary data-act="on-it-confirm" disabled={busy || !fresh.value || !reason.trim()}>
            {t("label-on-it")}
          </button>
        </form>
      )}
      {told && <span role="alert">{told}</span>}
    </>
  );
}
