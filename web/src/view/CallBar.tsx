/** The calls of a line in its room, and a slim row for every other one: how it stands, who is in it, and the key to talk. */
import { useState } from "preact/hooks";
import type { Call, StepName } from "../api/types";
import {
  isShown,
  lasted,
  lostSound,
  mayJoin,
  nameOf,
  others,
  ownPart,
  ringsFor,
  standing,
  takesPart,
  urgencyOf,
} from "../call/words";
import { aside, calls, putAside, take } from "../state/calls";
import { now } from "../state/clock";
import { fresh, may, room, session } from "../state/console";
import { labelOf } from "../state/lines";
import { dtg } from "../time/dtg";
import { t } from "../words/sentences";
import style from "./CallBar.module.css";
import { Chip } from "./Chip";
import { Declining } from "./Declining";
import { explained } from "./failure";
import { InterpreterKey } from "./Interpreter";
import { Recording } from "./Recording";
import { Shape } from "./Shape";
import { Sounds } from "./Sounds";
import { word } from "./standing";
import { Talk } from "./Talk";

/** Every call of this line that stands on the screen. */
export function CallBars({ line }: { line: string }) {
  const found = [...calls.value.values()].filter((call) => call.line === line && isShown(call, now.value));
  const open = found.filter((call) => standing(call) !== "ended");
  const over = found.filter((call) => standing(call) === "ended" && !aside.value.has(nameOf(call)));
  return (
    <>
      {(open.length ? open : over.slice(-1)).map((call) => (
        <CallBar key={nameOf(call)} call={call} />
      ))}
    </>
  );
}

/** Calls that this desk takes part in, on lines whose room is not open. */
export function OtherCalls() {
  const desk = session.value?.desk ?? "";
  const found = [...calls.value.values()].filter((call) => call.line !== room.value && takesPart(call, desk));
  return (
    <>
      {found.map((call) => (
        <section key={nameOf(call)} class={style.slim} data-call={call.id} aria-label={t("label-call-on", { line: call.line })}>
          <Stands call={call} />
          <Chip of={call.line} />
          <Talk call={call} />
          <button
            type="button"
            onClick={() => {
              room.value = call.line;
            }}
          >
            {t("label-open")}
          </button>
        </section>
      ))}
    </>
  );
}

function CallBar({ call }: { call: Call }) {
  const found = standing(call);
  return (
    <section
      class={style.bar}
      data-call={call.id}
      data-standing={found}
      data-urgency={fresh.value ? (urgencyOf(found) ?? undefined) : "unk"}
      aria-label={t("label-call-on", { line: call.line })}
    >
      <div class={style.row}>
        <Stands call={call} />
        {call.recorded && (
          <strong class={style.recorded} data-testid="recorded">
            {t("label-recorded")}
          </strong>
        )}
        {call.mark !== "OPERATION" && (
          <strong class={style.mark}>{call.mark === "EXERCISE" ? t("label-exercise") : t("label-test")}</strong>
        )}
        <Chip of={call.id} />
        {call.subject && <bdi>{call.subject}</bdi>}
        <People call={call} />
      </div>
      {found === "ended" ? <Over call={call} /> : <Running call={call} />}
    </section>
  );
}

/** State, by shape and word, and since when. */
function Stands({ call }: { call: Call }) {
  const found = standing(call);
  const urgency = fresh.value ? urgencyOf(found) : "unk";
  const since = Date.parse(call.answered_at ?? call.rung_at);
  return (
    <>
      {urgency !== null && <Shape of={urgency} />}
      <strong data-testid="call-state">{fresh.value ? word(found) : t("label-no-data")}</strong>
      {found !== "ended" && (
        <time dateTime={new Date(since).toISOString()} title={dtg(since)}>
          <Chip of={lasted(now.value - since)} />
        </time>
      )}
    </>
  );
}

/** Who takes part, at which desks, and who speaks. */
function People({ call }: { call: Call }) {
  const members = call.parts.map((part) => part.party);
  return (
    <ul class={style.row} aria-label={t("label-takes-part")}>
      {call.parts.map((part) => (
        <li key={part.party} data-party={part.party} data-side={part.side}>
          {part.own ? t("label-we") : <bdi>{labelOf(part.party, members)}</bdi>}
          {t("label-of")}
          {part.desks.length ? (
            part.desks.map((desk) => (
              <span key={desk} class={style.desk} data-speaks={speaks(call, desk, part.own, part.speaking)}>
                <bdi>{desk}</bdi>
                {part.interpreters.some((one) => one.desk === desk) && ` (${t("label-interprets")})`}
                {part.own && call.seats.some((seat) => seat.desk === desk && seat.held) && ` (${t("label-phone-holds")})`}
                {speaks(call, desk, part.own, part.speaking) && <strong> {t("label-speaks")}</strong>}
              </span>
            ))
          ) : (
            <span>{part.side === "rung" ? t("label-not-answered") : t("label-nobody")}</span>
          )}
          {part.side === "rung" && part.declined.length > 0 && (
            <span> · {t("label-declined-by", { desks: part.declined.join(", ") })}</span>
          )}
          {part.side === "holding" && <strong> {t("label-holds")}</strong>}
          {part.side === "out" && part.desks.length > 0 && <span> {t("label-left")}</span>}
        </li>
      ))}
    </ul>
  );
}

function speaks(call: Call, desk: string, own: boolean, speaking: readonly string[]): boolean {
  return own ? call.seats.some((seat) => seat.desk === desk && seat.gate_open) : speaking.includes(desk);
}

function Over({ call }: { call: Call }) {
  return (
    <div class={style.row}>
      <span>{call.text || ownPart(call)?.text}</span>
      <button type="button" onClick={() => putAside(call)}>
        {t("label-close")}
      </button>
    </div>
  );
}

function Running({ call }: { call: Call }) {
  const [told, tell] = useState("");
  const act = (step: StepName, reason = "") => {
    tell("");
    void take(call, step, reason).then((why) => why && tell(explained(why)));
  };
  const found = standing(call);
  const talks = takesPart(call, session.value?.desk ?? "") && found !== "rings";
  // The key comes first: what changes its height stands below it, so that it never moves away from a finger.
  return (
    <>
      {may("call") && (
        <div class={style.row}>
          {talks && <Talk call={call} />}
          <Acts call={call} act={act} />
          {talks && <Recording call={call} act={act} />}
          {found !== "calls-us" && <InterpreterKey call={call} />}
        </div>
      )}
      {found === "sound-lost" && <Lost call={call} />}
      {call.recording === "stopped" && (
        <p class={style.wrong} role="alert" data-testid="not-recorded">
          {call.recording_text}
        </p>
      )}
      {talks && <Sounds call={call} />}
      {told && (
        <p class={style.wrong} role="alert">
          {told}
        </p>
      )}
    </>
  );
}

interface Acting {
  call: Call;
  act: (step: StepName, reason?: string) => void;
}

/** What this desk may do in the call as it stands. */
function Acts({ call, act }: Acting) {
  const [declining, decline] = useState(false);
  const found = standing(call);
  const desk = session.value?.desk ?? "";
  const inIt = takesPart(call, desk);
  const step = (name: string, of: StepName, label: string, primary = false) => (
    <button type="button" data-primary={primary || undefined} data-act={name} disabled={!fresh.value} onClick={() => act(of)}>
      {label}
    </button>
  );
  return (
    <>
      {mayJoin(call, desk) && step("answer", "answered", t("label-answer"), true)}
      {ringsFor(call, desk) && (
        <button type="button" data-act="decline" disabled={!fresh.value} onClick={() => decline(true)}>
          {t("label-not-now")}
        </button>
      )}
      {inIt && found === "on-hold" && step("resume", "resumed", t("label-resume"), true)}
      {inIt && found !== "on-hold" && found !== "rings" && step("hold", "held", t("label-hold"))}
      {inIt && step("end", "left", found === "rings" ? t("label-stop-ringing") : t("label-end-call"))}
      {declining && (
        <Declining
          call={call}
          close={() => decline(false)}
          decline={(reason) => {
            decline(false);
            act("declined", reason);
          }}
        />
      )}
    </>
  );
}

/** Sound is gone: since when, why, and what goes on. */
function Lost({ call }: { call: Call }) {
  const own = ownPart(call);
  const gone = [own, ...others(call).filter((part) => lostSound(call, part))].find((part) => part?.lost_at);
  const since = gone?.lost_at ? dtg(Date.parse(gone.lost_at)) : null;
  return (
    <p class={style.wrong} role="alert" data-testid="sound-lost">
      {since === null ? t("screen-sound-lost-now") : t("screen-sound-lost", { since })} {gone?.text}
    </p>
  );
}
