/** Short replies: what the other side has said with one word, and the keys to say it. ROGER is never shown as consent. */
import { useState } from "preact/hooks";
import type { Entry } from "../api/types";
import { fresh, may } from "../state/console";
import { type Sides, weStated } from "../state/lines";
import { about } from "../state/saying";
import { t } from "../words/sentences";
import { Chip, Told } from "./Chip";
import style from "./Message.module.css";
import { useNamed } from "./named";
import { useSaying } from "./saying";
import { askToStop } from "./StopKey";
import stops from "./Stops.module.css";

/** A word of the trade stands as it is in every language; what it says stands beside it. */
const PROWORDS = ["roger", "wilco", "unable", "say-again", "stand-by"] as const;
const MEANS: Record<string, string> = {
  "received-not-agreed": "label-means-received",
  "will-comply": "label-means-comply",
  "cannot-comply": "label-means-cannot",
  "asks-to-repeat": "label-means-repeat",
  "answer-follows": "label-means-follows",
};

/** What was replied with one word, by whom, when, and what it says. */
export function Replies({ entry, line }: { entry: Entry; line: Sides }) {
  const said = entry.stages.filter((stage) => stage.code);
  const receipt = useNamed(line.line, said.map((stage) => stage.receipt));
  if (!said.length) return null;
  return (
    <ul class={style.replies} aria-label={t("label-replies")}>
      {said.map((stage) => (
        <li key={stage.receipt} data-code={stage.code}>
          <bdi>{stage.party}</bdi>
          {t("label-of")}
          <strong>
            <bdi>{stage.code.replace("_", " ")}</bdi>
          </strong>{" "}
          {t(MEANS[stage.means] ?? "label-no-data")} <Chip of={stage.time.dtg} />
          <Note of={receipt(stage.receipt)} />
        </li>
      ))}
    </ul>
  );
}

function Note({ of }: { of: Entry | undefined }) {
  const note = of?.body.note;
  return typeof note === "string" && note ? <Told text={note} language={null} /> : null;
}

/** Whether more than reading and answering is likely to be needed: the short replies then stand there at once. */
export function isPressing(entry: Entry, line: Sides): boolean {
  return (entry.precedence ?? "ROUTINE") !== "ROUTINE" && !weStated(entry, line, ["ANSWERED"]);
}

/** Replies with one word, passing on, and STOP about this message. */
export function ShortReplies({ entry, line }: { entry: Entry; line: Sides }) {
  const { told, busy, run } = useSaying();
  const [why, ask] = useState<string | null>(null);
  const say = (code: string, note = "") => run(() => about(entry.id, line.line, "respond", { code, note }), () => ask(null));
  return (
    <>
      {may("send") && (
        <span class={style.acts} role="group" aria-label={t("label-short-replies")}>
          {PROWORDS.map((code) => (
            <button
              key={code}
              type="button"
              data-act={code}
              disabled={busy || !fresh.value}
              onClick={() => (code === "unable" ? ask("") : say(code))}
            >
              <bdi>{code.replace("-", " ").toUpperCase()}</bdi>
            </button>
          ))}
        </span>
      )}
      {why !== null && (
        <form
          class={style.acts}
          onSubmit={(event) => {
            event.preventDefault();
            say("unable", why.trim());
          }}
        >
          <label>
            {t("label-reason")} <input type="text" dir="auto" value={why} onInput={(event) => ask(event.currentTarget.value)} />
          </label>
          <button type="submit" data-act="unable-confirm" disabled={busy || !fresh.value}>
            {t("label-answer-unable")}
          </button>
        </form>
      )}
      {may("accept") && <Passing entry={entry} line={line} />}
      <button type="button" class={stops.key} data-act="stop-about" disabled={!fresh.value} onClick={() => askToStop(line.line, entry.id)}>
        STOP
      </button>
      {told && (
        <p class={style.fault} role="alert">
          {told}
        </p>
      )}
    </>
  );
}

/** Passed to a role: said when that role has been told, and not before. */
function Passing({ entry, line }: { entry: Entry; line: Sides }) {
  const { told, busy, run } = useSaying();
  const [to, write] = useState("");
  const pass = () => run(() => about(entry.id, line.line, "pass", { to: to.trim() }), () => write(""));
  return (
    <form
      class={style.acts}
      onSubmit={(event) => {
        event.preventDefault();
        if (to.trim()) pass();
      }}
    >
      <label>
        {t("label-pass-to")}{" "}
        <input type="text" dir="auto" size={12} data-field="role" value={to} onInput={(event) => write(event.currentTarget.value)} />
      </label>
      <button type="submit" data-act="pass" disabled={busy || !fresh.value || !to.trim()}>
        {t("label-passed")}
      </button>
      {told && <span role="alert">{told}</span>}
    </form>
  );
}
