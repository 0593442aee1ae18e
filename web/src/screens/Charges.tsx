/** Demands, warnings and allegations of either side, with what the other has answered, and the evidence or its absence. */
import { useState } from "preact/hooks";
import type { Entries, Entry, Line } from "../api/types";
import { fresh, may } from "../state/console";
import { labelOf } from "../state/lines";
import { about } from "../state/saying";
import { Chip, Told } from "../view/Chip";
import { useSaying } from "../view/saying";
import { language, t } from "../words/sentences";
import { useAsked } from "./asked";
import { Attachments, Why } from "./parts";
import style from "./Screens.module.css";
import { word } from "./words";

const COUNT = 100;

type Kind = "demand" | "warning" | "allegation";

interface Sort {
  kind: Kind;
  label: string;
  none: string;
  /** The kind of entry that answers it, and the words by which it is answered; a warning is not answered. */
  answers: string | null;
  verb: string;
  words: readonly string[];
}

const SORTS: readonly Sort[] = [
  {
    kind: "demand",
    label: "label-demands",
    none: "screen-no-demands",
    answers: "demand-answer",
    verb: "answer-demand",
    words: ["meet", "meet-in-part", "refuse", "note"],
  },
  { kind: "warning", label: "label-warnings", none: "screen-no-warnings", answers: null, verb: "", words: [] },
  {
    kind: "allegation",
    label: "label-allegations",
    none: "screen-no-allegations",
    answers: "allegation-reply",
    verb: "answer-allegation",
    words: ["deny", "reject", "counter-accuse"],
  },
];

export function Charges({ line }: { line: Line }) {
  return (
    <>
      {SORTS.map((sort) => (
        <List key={sort.kind} line={line} sort={sort} />
      ))}
    </>
  );
}

function List({ line, sort }: { line: Line; sort: Sort }) {
  const found = useAsked<Entries>("/entries", { line: line.line, kind: sort.kind, count: COUNT });
  const answers = useAsked<Entries>(sort.answers === null ? null : "/entries", { line: line.line, kind: sort.answers ?? "", count: COUNT });
  return (
    <section aria-label={t(sort.label)}>
      <h2>{t(sort.label)}</h2>
      <Why why={found.why || answers.why} />
      {found.value !== null && !found.value.entries.length && <p>{t(sort.none)}</p>}
      <ul class={style.list}>
        {found.value?.entries.map((entry) => {
          const to = answers.value?.entries.filter((one) => one.refs[0] === entry.id).toReversed() ?? [];
          return <Row key={entry.id} line={line} sort={sort} entry={entry} answers={to} />;
        })}
      </ul>
    </section>
  );
}

interface Rowed {
  line: Line;
  sort: Sort;
  entry: Entry;
  answers: readonly Entry[];
}

function Row({ line, sort, entry, answers }: Rowed) {
  const { body } = entry;
  const through = Array.isArray(body.through) ? body.through.map(String) : [];
  const theirs = entry.party !== line.me;
  return (
    <li data-charge={entry.id}>
      <Head entry={entry} />
      {typeof body.against === "string" && (
        <p>
          {t("label-against")} <bdi>{body.against}</bdi>
        </p>
      )}
      {through.length > 0 && (
        <p>
          {t("label-through")} <bdi>{through.join(" → ")}</bdi>
        </p>
      )}
      <Words entry={entry} />
      <Evidence entry={entry} />
      <ul class={style.list}>
        {answers.map((one) => (
          <li key={one.id} data-answer={one.id}>
            <Head entry={one} />
            <Words entry={one} />
            <Evidence entry={one} />
          </li>
        ))}
        {sort.answers !== null && !answers.length && <li>{t("label-no-answer-yet")}</li>}
      </ul>
      {theirs && <Acts line={line} sort={sort} entry={entry} />}
    </li>
  );
}

function Head({ entry }: { entry: Entry }) {
  const said = entry.body.answer ?? entry.body.reply;
  return (
    <span class={style.row}>
      <Chip of={entry.id} /> <Chip of={entry.time.dtg} /> <bdi>{entry.label}</bdi>
      {typeof said === "string" && <strong>{word(said)}</strong>}
      {typeof entry.body.code === "string" && (
        <strong>
          <bdi>{entry.body.code}</bdi>
        </strong>
      )}
      {entry.kind === "demand" || entry.kind === "warning" ? entry.refs.map((id) => <Chip key={id} of={id} />) : null}
      {entry.mark !== "OPERATION" && <strong>{entry.mark === "EXERCISE" ? t("label-exercise") : t("label-test")}</strong>}
      {entry.cancellation !== null && (
        <span>
          {t("label-withdrawn")} <Chip of={entry.cancellation} />
        </span>
      )}
    </span>
  );
}

function Words({ entry }: { entry: Entry }) {
  return entry.text ? <Told text={entry.text} language={entry.language} /> : null;
}

/** Evidence is attached, or none was produced: the entry says which, and nothing here judges it. */
function Evidence({ entry }: { entry: Entry }) {
  if (typeof entry.body.evidence !== "string") return null;
  return (
    <p data-evidence={entry.body.evidence}>
      {entry.body.evidence === "ATTACHED" ? t("label-evidence") : <strong>{t("label-no-evidence")}</strong>}{" "}
      <Attachments entry={entry} />
    </p>
  );
}

/** Accept what came, and answer it with one of its words. */
function Acts({ line, sort, entry }: Omit<Rowed, "answers">) {
  const { told, busy, run } = useSaying();
  const [answer, choose] = useState(sort.words[0] ?? "");
  const [words, write] = useState("");
  const me = labelOf(line.me, line.members);
  const accepted = entry.stages.some((one) => one.party === me && one.stage !== "DISPLAYED");
  const name = sort.kind === "allegation" ? "reply" : "answer";
  const say = () => run(() => about(entry.id, line.line, sort.verb, { [name]: answer, words: words.trim(), language: language.value }));
  return (
    <div class={style.row}>
      {may("accept") && !accepted && (
        <button type="button" data-act="accept" disabled={busy || !fresh.value} onClick={() => run(() => about(entry.id, line.line, "ack"))}>
          {t("label-accept")}
        </button>
      )}
      {sort.words.length > 0 && may("send") && (
        <form
          class={style.row}
          onSubmit={(event) => {
            event.preventDefault();
            say();
          }}
        >
          <label>
            {t("label-answer-word")}{" "}
            <select data-field="answer" value={answer} onChange={(event) => choose(event.currentTarget.value)}>
              {sort.words.map((one) => (
                <option key={one} value={one}>
                  {word(one.toUpperCase().replaceAll("-", "_"))}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t("label-in-words")} <input type="text" dir="auto" value={words} onInput={(event) => write(event.currentTarget.value)} />
          </label>
          <button type="submit" data-act="answer-charge" disabled={busy || !fresh.value}>
            {t("label-answer-it")}
          </button>
        </form>
      )}
      <Why why={told} />
    </div>
  );
}
