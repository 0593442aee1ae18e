/** One message: who, when, how urgent, the text as it was written, what became of it, and what can be done. */
import type { Signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { NoAnswer, post, Refused } from "../api/client";
import type { Entry } from "../api/types";
import { may, mayOnWatch } from "../state/console";
import { watch } from "../state/displayed";
import { labelOf, type Sides, undelivered, URGENCY_OF_PRECEDENCE, weStated } from "../state/lines";
import { hiddenCount } from "../text/visible";
import { language, t } from "../words/sentences";
import { isPressing, Replies, ShortReplies } from "./Answers";
import { Chip, Told } from "./Chip";
import { answer } from "./Composer";
import { Ladder } from "./Ladder";
import { Late } from "./Late";
import { memo } from "./memo";
import style from "./Message.module.css";
import { useNamed } from "./named";
import { ReadBack } from "./ReadBack";
import { Shape } from "./Shape";
import { TapKey, Tapped } from "./Tap";

export const Message = memo(({ held, line }: { held: Signal<Entry>; line: Sides }) => (
  <Shown held={held} line={line} />
));

function Shown({ held, line }: { held: Signal<Entry>; line: Sides }) {
  const entry = held.value;
  const here = useRef<HTMLElement>(null);
  const theirs = entry.party !== line.me;
  const unseen = theirs && !weStated(entry, line, ["DISPLAYED"]) && may("read");
  useEffect(() => (unseen && here.current ? watch(here.current, entry.id, line.line) : undefined), [unseen, entry.id]);
  const urgency = URGENCY_OF_PRECEDENCE[entry.precedence ?? ""] ?? undefined;
  return (
    <article
      ref={here}
      class={style.message}
      data-entry={entry.id}
      data-theirs={theirs}
      data-urgency={urgency}
      data-mark={entry.mark}
      tabIndex={-1}
      aria-label={t("label-message", { entry: entry.id, precedence: entry.precedence ?? "ROUTINE" })}
    >
      <Head entry={entry} theirs={theirs} />
      <div class={entry.cancellation === null ? "" : style.withdrawn}>
        {entry.subject && <Told text={entry.subject} language={entry.language} />}
        {entry.text === null ? <p>{t("screen-text-withheld")}</p> : <Told text={entry.text} language={entry.language} />}
        <Phrase entry={entry} />
      </div>
      <Hidden text={`${entry.subject ?? ""}${entry.text ?? ""}`} />
      <Changes entry={entry} lineId={line.line} />
      {entry.faults.map((fault) => (
        <p key={fault.id} class={style.fault}>
          {t(fault.id, fault.facts)}
        </p>
      ))}
      {undelivered(entry, line) && <p class={style.undelivered}>{t("screen-not-delivered")}</p>}
      <Ladder entry={entry} line={line} />
      <Replies entry={entry} line={line} />
      <Late entry={entry} />
      <ReadBack entry={entry} line={line} />
      {entry.precedence === "FLASH" && <WhoItWas entry={entry} line={line} />}
      {theirs && <Acts entry={entry} line={line} />}
    </article>
  );
}

function Head({ entry, theirs }: { entry: Entry; theirs: boolean }) {
  const urgency = URGENCY_OF_PRECEDENCE[entry.precedence ?? ""];
  return (
    <header class={style.head}>
      {urgency && <Shape of={urgency} />}
      <strong class={style.precedence}>{entry.precedence ?? "ROUTINE"}</strong>
      {entry.mark !== "OPERATION" && (
        <strong class={style.mark}>{entry.mark === "EXERCISE" ? t("label-exercise") : t("label-test")}</strong>
      )}
      <Chip of={entry.id} />
      <span>
        {theirs ? t("label-they-say") : t("label-we-say")}
        {t("label-of")}
        <bdi>{entry.desk}</bdi> · <bdi>{entry.label}</bdi>
      </span>
      <Chip of={entry.time.dtg} />
      {entry.reply_by !== null && (
        <strong>
          {t("label-answer-by")} <Chip of={entry.reply_by.dtg} />
        </strong>
      )}
    </header>
  );
}

/** A FLASH was sent, or taken, by one press: who pressed follows as an entry of its own. */
function WhoItWas({ entry, line }: { entry: Entry; line: Sides }) {
  const me = labelOf(line.me, line.members);
  const taken = entry.stages.find((one) => one.stage === "ACCEPTED" && one.party === me)?.receipt;
  const ours = entry.party === line.me ? entry.id : taken;
  if (ours === undefined) return null;
  return (
    <p class={style.acts}>
      <Tapped line={line.line} entry={ours} />
      <TapKey line={line.line} entry={ours} />
    </p>
  );
}

/** What was signed is the code and its values: each side reads the sentence in its own language. */
function Phrase({ entry }: { entry: Entry }) {
  if (entry.phrase === null) return null;
  const told = entry.phrase.sentences[language.value];
  return (
    <div class={style.beside}>
      <p>
        {t("label-phrase")} <Chip of={entry.phrase.code} />
      </p>
      {told && <Told text={told} language={language.value} />}
    </div>
  );
}

function Hidden({ text }: { text: string }) {
  const count = hiddenCount(text);
  return count ? <p class={style.fault}>{t("screen-hidden-characters", { count })}</p> : null;
}

/** Corrections and translations beside the original, which stays the record; and its withdrawal. */
function Changes({ entry, lineId }: { entry: Entry; lineId: string }) {
  const named = [...entry.corrections, ...entry.translations];
  const held = useNamed(lineId, named);
  return (
    <>
      {entry.cancellation !== null && (
        <p class={style.fault}>
          {t("label-withdrawn")} <Chip of={entry.cancellation} />
        </p>
      )}
      {named.map((id) => {
        const other = held(id);
        return (
          <div key={id} class={style.beside}>
            <p>
              {entry.corrections.includes(id) ? t("label-corrected") : t("label-translation")} <Chip of={id} />
            </p>
            {other && other.text !== null && <Told text={other.text} language={other.language} />}
          </div>
        );
      })}
    </>
  );
}

function Acts({ entry, line }: { entry: Entry; line: Sides }) {
  const [told, tell] = useState("");
  const [more, showMore] = useState(false);
  const pressing = isPressing(entry, line);
  const accepted = weStated(entry, line, ["ACCEPTED"]);
  return (
    <div class={style.acts}>
      {(may("accept") || (entry.precedence === "FLASH" && mayOnWatch())) && !accepted && (
        <button type="button" data-act="accept" onClick={() => void accept(entry, line, tell)}>
          {t("label-accept")}
        </button>
      )}
      {may("send") && (
        <button type="button" data-act="reply" onClick={() => answer(line.line, entry)}>
          {t("label-reply")}
        </button>
      )}
      {!pressing && (
        <button type="button" data-act="more" aria-expanded={more} onClick={() => showMore(!more)}>
          {t("label-more")}
        </button>
      )}
      {(pressing || more) && <ShortReplies entry={entry} line={line} />}
      {told && (
        <p class={style.fault} role="alert">
          {told}
        </p>
      )}
    </div>
  );
}

async function accept(entry: Entry, line: Sides, tell: (text: string) => void): Promise<void> {
  tell("");
  try {
    await post(`/entries/${entry.id}/ack`, { query: { line: line.line }, body: {} });
  } catch (why) {
    if (why instanceof Refused) tell(why.refusal.text);
    else if (why instanceof NoAnswer) tell(t("screen-accept-unknown", { entry: entry.id, party: labelOf(line.me, line.members) }));
    else throw why;
  }
}
