/** The key that calls STOP: beside its line, in a place that never moves. One press arms it, the second one calls. */
import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Entry, Line } from "../api/types";
import { fresh, lines, mayOnWatch, status, thread } from "../state/console";
import { peersOf } from "../state/lines";
import { sayOn } from "../state/saying";
import { stopsOf } from "../state/stops";
import { language, t } from "../words/sentences";
import { Dialog } from "./Dialog";
import { useSaying } from "./saying";
import style from "./Stops.module.css";

const NEWEST = 5;
const BEGINNING = 60;

/** What a STOP is asked for: the line, and the entry it is about where one was chosen. */
const asked = signal<{ line: string; about: string } | null>(null);

/** By the key of the line, a letter, or at a message: ask what it is about. False where nobody here may call it. */
export function askToStop(line: string, about = ""): boolean {
  if (!mayOnWatch() || !fresh.value) return false;
  asked.value = { line, about };
  return true;
}

export function StopKey({ line }: { line: string }) {
  if (!mayOnWatch()) return null;
  return (
    <button
      type="button"
      class={style.key}
      data-stop-key={line}
      disabled={!fresh.value}
      aria-label={t("label-stop-on", { line })}
      onClick={() => askToStop(line)}
    >
      STOP
    </button>
  );
}

export function Stopping() {
  const question = asked.value;
  const line = lines.value.find((one) => one.line === question?.line);
  if (question === null || !line) return null;
  const close = () => {
    asked.value = null;
  };
  return <Question line={line} first={question.about} close={close} />;
}

function Question({ line, first, close }: { line: Line; first: string; close: () => void }) {
  const { told, busy, run } = useSaying();
  const [place, writePlace] = useState("");
  const [entry, choose] = useState(first);
  const [text, write] = useState("");
  const bound = place.trim() !== "" || entry !== "";
  const call = () => {
    const mark = status.value?.exercise ? "EXERCISE" : "OPERATION";
    const about = entry === "" ? {} : { about: entry };
    const body = { ...about, place: place.trim(), text: text.trim(), language: language.value };
    run(() => sayOn(line.line, mark, "stop", body), close);
  };
  return (
    <Dialog title={t("label-stop-on", { line: line.line })} close={close}>
      <form
        class={style.form}
        data-testid="stop-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (bound && !busy) call();
        }}
      >
        <p>{t("screen-stop-effect", { party: peersOf(line).join(", ") })}</p>
        <button type="submit" class={style.call} data-danger data-act="stop-call" disabled={busy || !bound || !fresh.value}>
          {t("label-call-stop")}
        </button>
        <label>
          {t("label-stop-place")}
          <input
            type="text"
            dir="auto"
            data-field="place"
            list="stop-places"
            value={place}
            onInput={(event) => writePlace(event.currentTarget.value)}
          />
        </label>
        <datalist id="stop-places">
          {[...new Set(stopsOf(line.line).map((stop) => stop.place))].map((one) => one && <option key={one} value={one} />)}
        </datalist>
        <About line={line.line} entry={entry} choose={choose} />
        <label>
          {t("label-stop-text")}
          <input type="text" dir="auto" data-field="text" value={text} onInput={(event) => write(event.currentTarget.value)} />
        </label>
        {told && <p role="alert">{told}</p>}
        <button type="button" onClick={close}>
          {t("label-back")}
        </button>
      </form>
    </Dialog>
  );
}

/** The newest messages of the line, and the one that was chosen before. */
function About({ line, entry, choose }: { line: string; entry: string; choose: (id: string) => void }) {
  const said = thread(line);
  useEffect(() => void said.load(), [said]);
  const newest = said.ids.value.slice(-NEWEST).toReversed();
  const ids = entry === "" || newest.includes(entry) ? newest : [entry, ...newest];
  return (
    <label>
      {t("label-stop-about")}
      <select data-field="about" value={entry} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("label-no-entry")}</option>
        {ids.map((id) => (
          <option key={id} value={id} dir="auto">
            {`${id} ${beginning(said.entry(id)?.value)}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function beginning(entry: Entry | undefined): string {
  const text = entry?.text ?? "";
  return text.length > BEGINNING ? `${text.slice(0, BEGINNING)} …` : text;
}
