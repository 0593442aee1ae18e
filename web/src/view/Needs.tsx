/** "Needs you": always on the screen, most urgent first. What needs nobody is not here. */
import { useState } from "preact/hooks";
import type { Call } from "../api/types";
import { putAside, take } from "../state/calls";
import { now } from "../state/clock";
import { fresh, may, needed, room, screen, status } from "../state/console";
import type { Need } from "../state/needs";
import { labelOf } from "../state/lines";
import { clock, dtg, span } from "../time/dtg";
import { t } from "../words/sentences";
import { Declining } from "./Declining";
import { explained } from "./failure";
import { Answer, OfTheWatch, OnIt, toldOfWatch } from "./OfTheWatch";
import style from "./Needs.module.css";
import { show } from "./focus";
import { Shape } from "./Shape";

export function Needs() {
  const items = needed.value;
  return (
    <section class={style.needs} aria-label={t("label-needs-you", { count: items.length })} data-testid="needs">
      <h2>{fresh.value ? t("label-needs-you", { count: items.length }) : t("label-needs-you-unknown")}</h2>
      {!fresh.value && <p class={style.old}>{t("screen-needs-unknown")}</p>}
      {fresh.value && !items.length && <p>{t("screen-needs-nothing")}</p>}
      <ul>
        {items.map((need) => (
          <Item key={need.id} need={need} />
        ))}
      </ul>
    </section>
  );
}

function Item({ need }: { need: Need }) {
  return (
    <li class={`${style.item} ${need.urgency === "u1" && fresh.value ? style.now : ""}`} data-urgency={need.urgency}>
      <Shape of={fresh.value ? need.urgency : "unk"} />
      <span class={style.text}>{told(need)}</span>
      {need.dueAt !== null && <Due at={need.dueAt} />}
      {need.watch !== undefined && <OfTheWatch need={need} due={need.watch} />}
      {need.entry?.kind === "check" && <Answer entry={need.entry} />}
      {need.urgency === "u1" && need.entryId === null && need.call === null && <OnIt line={need.line} />}
      {need.call !== null && (need.call.state === "ended" ? <Missed call={need.call} /> : <Rings call={need.call} />)}
      {need.line && (
        <button type="button" onClick={() => open(need)}>
          {t("label-open")}
        </button>
      )}
    </li>
  );
}

/** Open what a need is about: its message in the room, else the screen that has it. */
export function open(need: Need): void {
  room.value = need.line;
  if (need.watch !== undefined || need.entry?.kind === "check") screen.value = "watch";
  else if (need.entry !== null && need.entry.kind !== "message") screen.value = "contacts";
  else screen.value = null;
  if (need.entryId !== null) show(need.entryId);
}

/** It rings: answer it, or say "not now". */
function Rings({ call }: { call: Call }) {
  const [wrong, tell] = useState("");
  const [declining, decline] = useState(false);
  const act = (step: "answered" | "declined", reason = "") => {
    tell("");
    if (step === "answered") room.value = call.line;
    void take(call, step, reason).then((why) => why && tell(explained(why)));
  };
  if (!may("call")) return null;
  return (
    <>
      {wrong && <span role="alert">{wrong}</span>}
      <button type="button" data-primary data-act="answer" disabled={!fresh.value} onClick={() => act("answered")}>
        {t("label-answer")}
      </button>
      <button type="button" data-act="decline" disabled={!fresh.value} onClick={() => decline(true)}>
        {t("label-not-now")}
      </button>
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

function Missed({ call }: { call: Call }) {
  return (
    <button type="button" onClick={() => putAside(call)}>
      {t("label-put-aside")}
    </button>
  );
}

function told(need: Need): string {
  if (need.call !== null) return toldOfCall(need.call);
  if (need.watch !== undefined) return toldOfWatch(need.watch, need.line);
  if (need.text !== null || need.entry === null) return need.text ?? need.line;
  const line = status.value?.lines.find((one) => one.line === need.line);
  const { kind, precedence, id, party } = need.entry;
  const who = labelOf(party, line?.members ?? []);
  const how = precedence ?? "ROUTINE";
  if (kind === "check") return t("screen-need-call-up", { precedence: how, entry: id, party: who });
  return t("screen-need-accept", { precedence: how, entry: id, party: who });
}

function toldOfCall(call: Call): string {
  const facts = { party: call.by, desk: call.by_desk, time: clock(Date.parse(call.rung_at)) };
  if (call.state === "ended") return t("screen-call-missed", { party: facts.party, desk: facts.desk, time: facts.time });
  return t("screen-call-rings", { party: facts.party, desk: facts.desk, time: facts.time });
}

function Due({ at }: { at: number }) {
  const left = at - now.value;
  const apart = span(Math.abs(left));
  return (
    <time class={style.due} dateTime={new Date(at).toISOString()} title={dtg(at)}>
      {left > 0 ? t("label-by-in", { time: clock(at), span: apart }) : t("label-by-late", { time: clock(at), span: apart })}
    </time>
  );
}
