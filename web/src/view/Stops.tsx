/** STOP: its alarm over the whole width at both ends, with one clock, the three answers, and who has not answered. */
import { useState } from "preact/hooks";
import type { Stop, StopSide } from "../api/types";
import { lasted } from "../call/words";
import { now } from "../state/clock";
import { fresh, lines, mayOnWatch, room } from "../state/console";
import { labelOf } from "../state/lines";
import { about } from "../state/saying";
import { clockMs, nameOfStop, ourSide, owes, STOP_ANSWERS, type StopAnswer, urgencyOfStop } from "../state/stopping";
import { putStopAway, shownStops } from "../state/stops";
import { t } from "../words/sentences";
import { Chip, Told } from "./Chip";
import { show } from "./focus";
import { useSaying } from "./saying";
import { Shape } from "./Shape";
import style from "./Stops.module.css";
import { TapKey } from "./Tap";

const WORDS: Record<string, string> = {
  STANDING: "label-stop-standing",
  STOPPED: "label-stop-stopped",
  NOT_OURS: "label-stop-not-ours",
  UNABLE: "label-stop-unable",
};
const ANSWERS: Record<StopAnswer, string> = {
  stopped: "label-stop-stopped",
  "not-ours": "label-stop-not-ours",
  unable: "label-stop-unable",
};

export function Stops() {
  return (
    <div class={style.stops}>
      {shownStops.value.map((stop) => (
        <Bar key={nameOfStop(stop)} stop={stop} />
      ))}
    </div>
  );
}

function Bar({ stop }: { stop: Stop }) {
  const line = lines.value.find((one) => one.line === stop.line);
  const me = line ? labelOf(line.me, line.members) : "";
  const ours = stop.party === me;
  const side = ourSide(stop, me);
  const awaited = side !== undefined && owes(side);
  return (
    <section
      class={style.bar}
      data-stop={stop.id}
      data-standing={stop.standing}
      data-urgency={urgencyOfStop(stop)}
      data-mark={stop.mark}
      aria-label={t("label-stop-on", { line: stop.line })}
      tabIndex={-1}
    >
      <div class={style.head} role={stop.standing ? "alert" : undefined}>
        <Shape of={urgencyOfStop(stop)} />
        <strong class={style.word}>STOP</strong>
        {stop.mark !== "OPERATION" && <strong>{stop.mark === "EXERCISE" ? t("label-exercise") : t("label-test")}</strong>}
        <span>
          {ours ? t("label-we-say") : t("label-they-say")}
          {t("label-of")}
          <bdi>{stop.desk}</bdi> · <bdi>{stop.party}</bdi>
        </span>
        <Chip of={stop.line} />
        <Chip of={stop.id} />
        <Chip of={stop.time.dtg} />
        {stop.taps.map((tap) => (
          <span key={tap.id} data-tapped={stop.id}>
            {t("label-tapped-by")} <bdi>{tap.by}</bdi>
          </span>
        ))}
        <About stop={stop} />
      </div>
      <div class={style.acts}>
        {awaited && <p class={style.what}>{t("screen-stop-answer")}</p>}
        {side && mayOnWatch() && (awaited ? <Answers stop={stop} /> : <Again stop={stop} />)}
        {(ours || (side && !awaited)) && <TapKey line={stop.line} entry={ours ? stop.id : (side?.answers.at(-1)?.id ?? stop.id)} />}
        {!stop.standing && (
          <button type="button" data-act="stop-away" onClick={() => putStopAway(stop)}>
            {t("label-put-aside")}
          </button>
        )}
      </div>
      {stop.text && <Told text={stop.text} language={stop.language} />}
      <ul class={style.sides}>
        {stop.sides.map((one) => (
          <Side key={one.party} stop={stop} side={one} own={one === side} />
        ))}
      </ul>
      {!fresh.value && <p class={style.what}>{t("screen-old")}</p>}
    </section>
  );
}

/** What it is bound to: a place in words, or an entry that a press opens. */
function About({ stop }: { stop: Stop }) {
  const entry = stop.about;
  return (
    <>
      {stop.place && (
        <span class={style.place}>
          {t("label-stop-place")}
          {t("label-of")}
          <Told text={stop.place} language={stop.language} />
        </span>
      )}
      {entry !== null && (
        <button
          type="button"
          onClick={() => {
            room.value = stop.line;
            show(entry);
          }}
        >
          {t("label-stop-about")} <Chip of={entry} />
        </button>
      )}
    </>
  );
}

/** How it stands with one party: the clock of both ends, every answer, and who it was. */
function Side({ stop, side, own }: { stop: Stop; side: StopSide; own: boolean }) {
  return (
    <li data-side={side.party} data-state={side.state}>
      <span class={style.clock} data-testid="stop-clock">
        <Chip of={lasted(clockMs(stop, side, now.value))} />
      </span>
      <span>{own ? t("label-we") : <bdi>{side.party}</bdi>}</span>
      <strong>{t(WORDS[side.state] ?? "label-no-data")}</strong>
      {side.answers.map((one) => (
        <span key={one.id}>
          {side.answers.length > 1 && `${t(WORDS[one.answer] ?? "label-no-data")} `}
          <Chip of={one.id} /> <bdi>{one.desk}</bdi> <Chip of={one.time.dtg} />
          {one.taps.map((tap) => (
            <span key={tap.id}>
              {" "}
              {t("label-tapped-by")} <bdi>{tap.by}</bdi>
            </span>
          ))}
        </span>
      ))}
    </li>
  );
}

/** The three answers. UNABLE says why. */
function Answers({ stop }: { stop: Stop }) {
  const { told, busy, run } = useSaying();
  const [why, write] = useState("");
  const [unable, ask] = useState(false);
  const answer = (word: StopAnswer, note = "") =>
    run(() => about(stop.id, stop.line, "answer-stop", { answer: word, note }), () => ask(false));
  return (
    <>
      {STOP_ANSWERS.map((word) => (
        <button
          key={word}
          type="button"
          data-primary
          data-act={`stop-${word}`}
          disabled={busy || !fresh.value}
          aria-expanded={word === "unable" ? unable : undefined}
          onClick={() => (word === "unable" ? ask(!unable) : answer(word))}
        >
          {t(ANSWERS[word])}
        </button>
      ))}
      {unable && (
        <form
          class={style.acts}
          onSubmit={(event) => {
            event.preventDefault();
            if (why.trim()) answer("unable", why.trim());
          }}
        >
          <label>
            {t("label-stop-why")}{" "}
            <input type="text" dir="auto" value={why} onInput={(event) => write(event.currentTarget.value)} />
          </label>
          <button type="submit" data-act="stop-unable-confirm" disabled={busy || !fresh.value || !why.trim()}>
            {t("label-answer-unable")}
          </button>
        </form>
      )}
      {told && <p role="alert">{told}</p>}
    </>
  );
}

/** Whoever learns better says so: both answers stay. */
function Again({ stop }: { stop: Stop }) {
  return (
    <details>
      <summary>{t("label-answer-again")}</summary>
      <div class={style.acts}>
        <Answers stop={stop} />
      </div>
    </details>
  );
}
