/** A call that is over, in the thread: who rang, who answered, how long it lasted, why it ended, and its recording. */
import type { Call } from "../api/types";
import { address } from "../api/client";
import { lasted, others, ownPart } from "../call/words";
import { calls } from "../state/calls";
import { may } from "../state/console";
import { labelOf } from "../state/lines";
import { type Recording, recordings } from "../state/recordings";
import { dtg } from "../time/dtg";
import { t } from "../words/sentences";
import { Chip } from "./Chip";
import style from "./PastCall.module.css";
import { memo } from "./memo";

/** `name` is the call's, as `nameOf` has it. */
export const PastCall = memo(({ name }: { name: string }) => {
  const call = calls.value.get(name);
  return call === undefined ? null : <Row call={call} />;
});

function Row({ call }: { call: Call }) {
  const members = call.parts.map((part) => part.party);
  const answered = call.answered_at === null ? null : Date.parse(call.answered_at);
  const ended = Date.parse(call.ended_at ?? ownPart(call)?.left_at ?? call.rung_at);
  const there = (call.own ? others(call) : call.parts.filter((part) => part.own)).flatMap((part) => part.desks);
  const recording = recordings.value.get(call.line)?.find((one) => one.call === call.id);
  return (
    <section class={style.call} data-past={call.id} data-answered={answered !== null} tabIndex={-1}>
      <strong>{t("label-past-call")}</strong>
      {call.mark !== "OPERATION" && (
        <strong class={style.mark}>{call.mark === "EXERCISE" ? t("label-exercise") : t("label-test")}</strong>
      )}
      <Chip of={call.id} />
      <Chip of={dtg(Date.parse(call.rung_at))} />
      <span>
        {call.own ? t("label-we") : <bdi>{labelOf(call.by, members)}</bdi>}
        {t("label-of")}
        <bdi>{call.by_desk}</bdi>
      </span>
      <span>
        {answered === null
          ? t("label-not-answered")
          : t("label-call-lasted", { desks: there.join(", "), span: lasted(ended - answered) })}
      </span>
      {call.subject && <bdi>{call.subject}</bdi>}
      <span class={style.cause}>{call.text || ownPart(call)?.text}</span>
      {recording && may("call") && <Streams of={recording} members={members} />}
    </section>
  );
}

/** One player for each speaker's leg: all begin at the same moment of the call. */
function Streams({ of, members }: { of: Recording; members: readonly string[] }) {
  return (
    <ul class={style.streams} aria-label={t("label-recording")}>
      {of.streams
        .filter((stream) => stream.files > 0)
        .map((stream) => {
          const label = t("label-recording-of", { party: labelOf(stream.party, members), number: stream.number });
          return (
            <li key={stream.number}>
              <span>{label}</span>
              <audio
                controls
                preload="none"
                data-stream={stream.number}
                aria-label={label}
                src={address(`/recordings/${of.call}/ogg`, { line: of.line, stream: stream.number })}
              />
            </li>
          );
        })}
    </ul>
  );
}
