/** Ringing and answering by a key is asked about first; a button is pressed on purpose. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Call } from "../api/types";
import { nameOf, ringsFor, standing } from "../call/words";
import { type Action, calls, ring, take } from "../state/calls";
import { fresh, lines, may, room, session, status } from "../state/console";
import { peersOf } from "../state/lines";
import { t } from "../words/sentences";
import { Dialog } from "./Dialog";
import { explained } from "./failure";

type Question = { answer: Call } | { ring: string; action: Action };

const question = signal<Question | null>(null);

/** By the key: answer what rings, or ring on the open line. False where there is nothing to ask. */
export function askToCall(): boolean {
  if (!may("call") || !fresh.value) return false;
  const rings = [...calls.value.values()].find((call) => ringsFor(call, session.value?.desk ?? ""));
  if (rings) question.value = { answer: rings };
  else if (room.value !== null && !underWay(room.value)) question.value = { ring: room.value, action: "watch" };
  else return false;
  return true;
}

export function askToRing(line: string, action: Action): void {
  question.value = { ring: line, action };
}

function underWay(line: string): boolean {
  return [...calls.value.values()].some((call) => call.line === line && standing(call) !== "ended");
}

export function Asking() {
  const asked = question.value;
  if (asked === null) return null;
  const close = () => {
    question.value = null;
  };
  return "answer" in asked ? <Answer call={asked.answer} close={close} /> : <Ring asked={asked} close={close} />;
}

function Answer({ call, close }: { call: Call; close: () => void }) {
  const now = calls.value.get(nameOf(call)) ?? call;
  const act = async () => {
    const why = await take(now, "answered");
    if (why === null) room.value = call.line;
    return why === null ? "" : explained(why);
  };
  return (
    <Dialog title={t("label-answer-call", { party: call.by })} close={close} callKeys>
      {standing(now) === "ended" && <p role="alert">{t("screen-call-over")}</p>}
      <Act label={t("label-answer")} name="answer-confirm" act={act} close={close} />
    </Dialog>
  );
}

function Ring({ asked, close }: { asked: { ring: string; action: Action }; close: () => void }) {
  const line = lines.value.find((one) => one.line === asked.ring);
  const check = asked.action === "line-check";
  const act = async () => {
    const why = await ring(asked.ring, status.value?.exercise ? "EXERCISE" : "OPERATION", asked.action);
    return why === null ? "" : explained(why);
  };
  return (
    <Dialog title={t("label-call-party", { party: line ? peersOf(line).join(", ") : asked.ring })} close={close} callKeys>
      <p>{check ? t("screen-line-check-effect") : t("screen-call-effect")}</p>
      <Act label={check ? t("label-line-check") : t("label-call")} name="call-confirm" act={act} close={close} />
    </Dialog>
  );
}

interface Acting {
  label: string;
  name: string;
  /** Does it; a sentence when it was not done. */
  act: () => Promise<string>;
  close: () => void;
}

function Act({ label, name, act, close }: Acting) {
  const [told, tell] = useState("");
  const [busy, work] = useState(false);
  const run = async () => {
    tell("");
    work(true);
    const why = await act();
    work(false);
    if (why) tell(why);
    else close();
  };
  return (
    <>
      {told && <p role="alert">{told}</p>}
      <button type="button" data-primary data-act={name} disabled={busy} onClick={() => void run()}>
        {label}
      </button>
      <button type="button" onClick={close}>
        {t("label-back")}
      </button>
    </>
  );
}
