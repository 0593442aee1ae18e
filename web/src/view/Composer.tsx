/** Writing a message. The node decides what may be said; its sentence is shown. What is not sent is kept and says so. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type Entry, type Line, type Precedence, PRECEDENCES } from "../api/types";
import { now } from "../state/clock";
import { fresh, session, status } from "../state/console";
import { type Draft, draft, drafts, drop, EMPTY, keep, send, write, type Written, writtenOn } from "../state/drafts";
import { words } from "../text/visible";
import { dtg, readDeadline, span } from "../time/dtg";
import { language, t } from "../words/sentences";
import { Chip } from "./Chip";
import style from "./Composer.module.css";
import { Flash } from "./Flash";
import { Drafts } from "./Drafts";

/** From here on the node refuses a FLASH and an IMMEDIATE; it is the node that says so. */
const URGENT_WORDS = 200;
const URGENT = new Set<Precedence>(["FLASH", "IMMEDIATE"]);

/** Begin an answer to this entry, of its own precedence. */
export function answer(line: string, entry: Entry): void {
  write(desk(), line, { replyTo: entry.id, precedence: (entry.precedence as Precedence | null) ?? "ROUTINE" });
  document.querySelector<HTMLTextAreaElement>("[data-composer] textarea")?.focus();
}

/** Take a draft back into the composer. */
export function edit(one: Draft): void {
  write(one.desk, one.line, { text: one.text, precedence: one.precedence, replyTo: one.replyTo, readBack: one.readBack });
  drop(one.key);
}

function desk(): string {
  return session.value?.desk ?? "";
}

export function Composer({ line }: { line: Line }) {
  const as = desk();
  const now_ = writtenOn(as, line.line);
  const [told, tell] = useState("");
  const [asking, ask] = useState<Draft | null>(null);
  const [sending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const deadline = now_.answerBy.trim() ? readDeadline(now_.answerBy, now.value) : null;
  const unreadable = now_.answerBy.trim() !== "" && deadline === null;
  useEffect(() => tell(""), [line.line]);

  const submit = () => {
    if (sending || !now_.text.trim() || unreadable) return;
    const one = drafted(line, now_, deadline);
    tell("");
    if (!fresh.value) {
      keep(one);
      write(as, line.line, EMPTY);
    } else if (one.precedence === "FLASH") ask(one);
    else void deliver(one);
  };
  const deliver = async (one: Draft) => {
    setSending(true);
    const sent = await send(one);
    setSending(false);
    if ("refused" in sent) return tell(sent.refused.refusal.text);
    if ("unknown" in sent) keep({ ...one, state: "unknown" });
    write(as, line.line, EMPTY);
    field.current?.focus();
  };
  return (
    <form
      class={style.composer}
      data-composer
      aria-label={t("label-write")}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Drafts of={drafts.value.filter((one) => one.line === line.line)} again={send} edit={edit} />
      {now_.replyTo !== null && (
        <p class={style.reply}>
          {t("label-reply-to")} <Chip of={now_.replyTo} />
          <button type="button" onClick={() => write(as, line.line, { replyTo: null })}>
            {t("label-no-reply")}
          </button>
        </p>
      )}
      <div class={style.how}>
        <Precedences chosen={now_.precedence} choose={(precedence) => write(as, line.line, { precedence })} />
        <label class={style.by}>
          {t("label-answer-by")}
          <input
            type="text"
            dir="ltr"
            size={12}
            placeholder="2300Z, +30m"
            value={now_.answerBy}
            aria-invalid={unreadable}
            onInput={(event) => write(as, line.line, { answerBy: event.currentTarget.value })}
          />
        </label>
        {now_.replyTo === null && (
          <label class={style.by}>
            <input
              type="checkbox"
              data-field="ask-read-back"
              checked={now_.readBack}
              onChange={(event) => write(as, line.line, { readBack: event.currentTarget.checked })}
            />
            {t("label-ask-read-back")}
          </label>
        )}
        <output class={unreadable ? style.wrong : style.full}>
          {unreadable && t("screen-time-unreadable")}
          {deadline !== null && t("label-by-in", { time: dtg(deadline), span: span(deadline - now.value) })}
        </output>
      </div>
      <div class={style.what}>
        <textarea
          ref={field}
          dir="auto"
          lang={language.value}
          rows={2}
          aria-label={t("label-message-on", { line: line.line })}
          placeholder={t("label-message-on", { line: line.line })}
          value={now_.text}
          onInput={(event) => write(as, line.line, { text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !event.ctrlKey) return;
            event.preventDefault();
            submit();
          }}
        />
        <div class={style.end}>
          <button type="submit" data-primary disabled={sending || !now_.text.trim() || unreadable}>
            {fresh.value ? t("label-send") : t("label-keep-draft")}
          </button>
          <Count text={now_.text} precedence={now_.precedence} />
        </div>
      </div>
      {told && (
        <p class={style.wrong} role="alert" data-testid="refusal">
          {told}
        </p>
      )}
      {asking && (
        <Flash
          line={line}
          close={() => ask(null)}
          send={() => {
            ask(null);
            void deliver(asking);
          }}
        />
      )}
    </form>
  );
}

function drafted(line: Line, from: Written, deadline: number | null): Draft {
  return draft({
    desk: desk(),
    line: line.line,
    text: from.text,
    precedence: from.precedence,
    replyBy: deadline === null ? null : new Date(deadline).toISOString(),
    language: language.value,
    mark: status.value?.exercise ? "EXERCISE" : "OPERATION",
    replyTo: from.replyTo,
    readBack: from.readBack,
  });
}

function Precedences({ chosen, choose }: { chosen: Precedence; choose: (one: Precedence) => void }) {
  return (
    <fieldset class={style.precedences} aria-label={t("label-precedence")}>
      {PRECEDENCES.map((one) => (
        <label key={one} data-precedence={one}>
          <input type="radio" name="precedence" value={one} checked={chosen === one} onChange={() => choose(one)} />
          {one}
        </label>
      ))}
    </fieldset>
  );
}

function Count({ text, precedence }: { text: string; precedence: Precedence }) {
  const count = words(text);
  if (!URGENT.has(precedence)) return <span class={style.count}>{t("label-words", { count })}</span>;
  const told = t("label-words-of", { count, limit: URGENT_WORDS });
  return <span class={count > URGENT_WORDS ? style.wrong : style.count}>{told}</span>;
}
