/** A message that is read back: each step with its words, what differs between them, and what may follow. */
import { useState } from "preact/hooks";
import type { Entry } from "../api/types";
import { fresh, may } from "../state/console";
import { labelOf, type Sides } from "../state/lines";
import { about } from "../state/saying";
import { differences, type Run } from "../text/differences";
import { language, t } from "../words/sentences";
import { Chip, Told } from "./Chip";
import style from "./Message.module.css";
import { useNamed } from "./named";
import { useSaying } from "./saying";

const STEPS: Record<string, string> = {
  READ_BACK: "label-read-back-step",
  CONFIRM: "label-confirmed",
  REISSUE: "label-reissued",
};

type Step = Entry["read_backs"][number];

export function ReadBack({ entry, line }: { entry: Entry; line: Sides }) {
  const steps = entry.read_backs;
  const asked = entry.body.read_back === true;
  const held = useNamed(line.line, steps.map((step) => step.id));
  if (!steps.length && !asked) return null;
  const textOf = (step: Step) => held(step.id)?.text ?? null;
  const ours = entry.party === line.me;
  const me = labelOf(line.me, line.members);
  const open = chains(steps).filter((chain) => chain.at(-1)?.state === "READ_BACK");
  return (
    <div class={style.beside} data-testid="read-back">
      <p>
        <strong>{t("label-read-back-asked")}</strong> {!steps.length && t("label-issued")}
      </p>
      <ol>
        {steps.map((step, place) => (
          <li key={step.id} data-step={step.step}>
            <bdi>{step.party}</bdi>
            {t("label-of")}
            <strong>{t(STEPS[step.step] ?? "label-no-data")}</strong> <Chip of={step.id} /> <Chip of={step.time.dtg} />
            {step.step !== "CONFIRM" && <Words of={textOf(step)} beside={before(entry, steps, place, textOf)} language={entry.language} />}
          </li>
        ))}
      </ol>
      {ours && may("send") && open.map((chain) => <Judge key={chain[0]?.party} entry={entry} line={line} party={chain[0]?.party ?? ""} />)}
      {!ours && may("accept") && waitsFor(steps, me, asked) && <SayBack entry={entry} line={line} />}
    </div>
  );
}

/** The steps of each party that reads back, apart: a step of the author belongs to the one before it. */
function chains(steps: readonly Step[]): Step[][] {
  const found: Step[][] = [];
  for (const step of steps) {
    const last = found.at(-1);
    if (step.step === "READ_BACK" && last?.[0]?.party !== step.party) found.push([step]);
    else last?.push(step);
  }
  return found;
}

/** The words that a step is beside: a read-back the message or what was said anew, a reissue the read-back. */
function before(entry: Entry, steps: readonly Step[], place: number, textOf: (step: Step) => string | null): string | null {
  const earlier = steps.slice(0, place).findLast((step) => step.step !== "CONFIRM");
  const fresh_ = steps[place]?.step === "READ_BACK" && earlier?.step !== "REISSUE";
  return earlier === undefined || fresh_ ? entry.text : textOf(earlier);
}

function waitsFor(steps: readonly Step[], me: string, asked: boolean): boolean {
  const last = chains(steps).find((chain) => chain[0]?.party === me)?.at(-1);
  return last === undefined ? asked : last.state === "REISSUED";
}

/** The words of a step, those that the words before it lack in a frame. */
function Words({ of, beside, language }: { of: string | null; beside: string | null; language: string | null }) {
  if (of === null) return null;
  const found = beside === null ? null : differences(beside, of);
  if (found === null) return <Told text={of} language={language} />;
  const [left, right] = found;
  const differ = [...left, ...right].some((run) => !run.same);
  return (
    <div data-differs={differ}>
      <p>{differ ? t("screen-words-differ") : t("screen-words-same")}</p>
      {differ && <Marked runs={left} language={language} side="before" />}
      <Marked runs={right} language={language} side="after" />
    </div>
  );
}

function Marked({ runs, language, side }: { runs: readonly Run[]; language: string | null; side: string }) {
  return (
    <div class={style.marked} data-words={side}>
      {runs.map((run, place) =>
        run.same ? (
          <Told key={place} text={run.text} language={language} />
        ) : (
          <mark key={place}>
            <Told text={run.text} language={language} />
          </mark>
        ),
      )}
    </div>
  );
}

/** Their message: said back in our own words. */
function SayBack({ entry, line }: { entry: Entry; line: Sides }) {
  return <Writing name="read-back" label={t("label-read-back")} say={(text) => about(entry.id, line.line, "read-back", text)} first="" />;
}

/** Our message: it was read back right, or it is said anew. */
function Judge({ entry, line, party }: { entry: Entry; line: Sides; party: string }) {
  const { told, busy, run } = useSaying();
  return (
    <>
      <button
        type="button"
        data-primary
        data-act="confirm"
        disabled={busy || !fresh.value}
        onClick={() => run(() => about(entry.id, line.line, "confirm", { party }))}
      >
        {t("label-confirm")}
      </button>
      {told && <span role="alert">{told}</span>}
      <Writing
        name="reissue"
        label={t("label-reissue")}
        say={(text) => about(entry.id, line.line, "reissue", { ...text, party })}
        first={entry.text ?? ""}
      />
    </>
  );
}

interface Writer {
  name: string;
  label: string;
  first: string;
  say: (body: { text: string; language: string }) => ReturnType<typeof about>;
}

function Writing({ name, label, first, say }: Writer) {
  const { told, busy, run } = useSaying();
  const [text, write] = useState(first);
  return (
    <form
      class={style.acts}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim()) run(() => say({ text: text.trim(), language: language.value }), () => write(first));
      }}
    >
      <textarea
        dir="auto"
        rows={2}
        cols={50}
        data-field={name}
        aria-label={label}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
      />
      <button type="submit" data-act={name} disabled={busy || !fresh.value || !text.trim()}>
        {label}
      </button>
      {told && <span role="alert">{told}</span>}
    </form>
  );
}
