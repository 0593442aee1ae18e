/** The room of one line: how it stands, what was said, and the place to write. */
import { useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Line } from "../api/types";
import { among, CALL, type Past } from "../call/past";
import { standing } from "../call/words";
import { calls, renewCalls } from "../state/calls";
import { now } from "../state/clock";
import { fresh, lines, may, room, thread } from "../state/console";
import { labelOf, peersOf, type Sides, URGENCY_OF_STATE } from "../state/lines";
import { askRecordings } from "../state/recordings";
import { askTaps } from "../state/taps";
import type { Thread } from "../state/threads";
import { span } from "../time/dtg";
import { t } from "../words/sentences";
import { askToRing } from "./Asking";
import { State } from "./Board";
import { CallBars } from "./CallBar";
import { Chip } from "./Chip";
import { Composer } from "./Composer";
import { shown } from "./focus";
import { memo } from "./memo";
import { Message } from "./Message";
import { PastCall } from "./PastCall";
import style from "./Room.module.css";
import { Shape } from "./Shape";

const AT_END_PX = 80;
const BLOCK = 25;

export function Room() {
  const line = lines.value.find((one) => one.line === room.value);
  if (!line) {
    return (
      <main class={style.empty} tabIndex={-1} data-pane>
        <p>{t("screen-choose-line")}</p>
      </main>
    );
  }
  return (
    <main class={style.room} aria-label={line.line} tabIndex={-1} data-pane data-testid="room">
      <Head line={line} />
      <CallBars line={line.line} />
      <Said key={line.line} line={line} said={thread(line.line)} />
      {may("send") ? <Composer line={line} /> : <p class={style.readonly}>{t("screen-may-not-send")}</p>}
    </main>
  );
}

function Head({ line }: { line: Line }) {
  const urgency = fresh.value ? (URGENCY_OF_STATE[line.state] ?? "unk") : "unk";
  return (
    <header class={style.head} data-urgency={urgency}>
      <Shape of={urgency} />
      <h1>
        <Chip of={peersOf(line).join(", ")} />
      </h1>
      <strong data-testid="room-state">
        <State line={line} />
      </strong>
      <Chip of={line.line} />
      {fresh.value ? (
        <>
          <span class={style.sentence}>{line.text}</span>
          <People line={line} />
          <Paths line={line} />
        </>
      ) : (
        <span class={style.sentence}>{t("screen-old")}</span>
      )}
      {may("call") && <Ring line={line} />}
    </header>
  );
}

/** Ring the other side; one call at a time on a line. */
function Ring({ line }: { line: Line }) {
  const open = [...calls.value.values()].some((call) => call.line === line.line && standing(call) !== "ended");
  if (open) return null;
  return (
    <span class={style.ring}>
      <button type="button" data-act="call" disabled={!fresh.value} onClick={() => askToRing(line.line, "watch")}>
        {t("label-call")}
      </button>
      <button
        type="button"
        data-act="line-check"
        disabled={!fresh.value}
        onClick={() => askToRing(line.line, "line-check")}
      >
        {t("label-line-check")}
      </button>
    </span>
  );
}

const PEOPLE: Record<string, string> = {
  CONSOLE: "label-console-connected",
  OFFICER: "label-officer-on-watch",
  LINGUIST: "label-linguist-on-watch",
};

function People({ line }: { line: Line }) {
  return (
    <span>
      {t("label-they-say")}
      {t("label-of")}
      {peersOf(line)
        .map((party) => {
          const told = (line.presence[party] ?? []).flatMap((word) => (PEOPLE[word] ? [t(PEOPLE[word])] : []));
          const said = told.length ? told.join(", ") : t("label-nobody-connected");
          return line.members.length > 2 ? `${labelOf(party, line.members)}${t("label-of")}${said}` : said;
        })
        .join("; ")}
    </span>
  );
}

function Paths({ line }: { line: Line }) {
  return (
    <span>
      {t("label-paths-up", { up: line.paths.filter((path) => path.sessions > 0).length, all: line.paths.length })}
    </span>
  );
}

function Said({ line, said }: { line: Line; said: Thread }) {
  const held = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const sides: Sides = useMemo(
    () => ({ line: line.line, me: line.me, members: line.members }),
    [line.line, line.me, line.members.join(" ")],
  );
  useEffect(() => {
    void said.load();
    void renewCalls(line.line).catch(() => undefined); // The stream tells what happens from now on in any case.
    void askRecordings(line.line).catch(() => undefined);
    void askTaps(line.line).catch(() => undefined);
  }, [said]);
  useEffect(() => {
    if (shown.value !== null && held.current) void bring(shown.value, said, held.current);
  }, [shown.value, said]);
  const over = useComputed(() => ended(line.line));
  const ids = useMemo(
    () => among(said.ids.value, (id) => timeOf(said, id), JSON.parse(over.value) as Past[], said.older.value !== null),
    [said, said.ids.value, said.older.value, over.value],
  );
  const all = useRef<HTMLDivElement>(null);
  const last = ids.at(-1);
  const follow = () => {
    if (atEnd.current && held.current) held.current.scrollTop = held.current.scrollHeight;
  };
  useLayoutEffect(follow, [last, ids.length]);
  useLayoutEffect(() => {
    // A call that comes takes room away, and a message that is accepted grows.
    const sizes = new ResizeObserver(follow);
    for (const box of [held.current, all.current]) if (box) sizes.observe(box);
    return () => sizes.disconnect();
  }, []);
  return (
    <div
      ref={held}
      class={style.said}
      tabIndex={0}
      role="log"
      aria-label={t("label-thread")}
      onScroll={(event) => {
        const box = event.currentTarget;
        atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < AT_END_PX;
      }}
    >
      <div ref={all} class={style.all}>
        {said.older.value !== null && said.ready.value && (
          <button type="button" onClick={() => void said.page().catch(() => undefined)}>
            {t("label-show-older")}
          </button>
        )}
        {said.ready.value && !ids.length && <Nothing line={line} />}
        {!said.ready.value && <p>{t("screen-thread-loading")}</p>}
        {blocks(ids).map((block, number) => (
          <Block key={number} ids={block} said={said} line={sides} />
        ))}
      </div>
    </div>
  );
}

/** The calls of this line that are over, as a text: it is another one only when they are others. */
function ended(line: string): string {
  const found = [...calls.value.values()].filter((call) => call.line === line && standing(call) === "ended");
  return JSON.stringify(found.map((call): Past => ({ id: call.id, at: Date.parse(call.rung_at) })));
}

function timeOf(said: Thread, id: string): number {
  return Date.parse(said.entry(id)?.peek().time.rfc3339 ?? "");
}

/** Messages in blocks, each drawn by itself: a message that comes draws the last block alone. */
function blocks(ids: readonly string[]): string[] {
  return Array.from({ length: Math.ceil(ids.length / BLOCK) }, (_, n) => ids.slice(n * BLOCK, (n + 1) * BLOCK).join(" "));
}

const Block = memo(({ ids, said, line }: { ids: string; said: Thread; line: Sides }) => (
  <div class={style.block}>
    {ids.split(" ").map((id) => {
      if (id.startsWith(CALL)) return <PastCall key={id} name={`${line.line}/${id.slice(CALL.length)}`} />;
      const entry = said.entry(id);
      return entry && <Message key={id} held={entry} line={line} />;
    })}
  </div>
));

/** Scroll to an entry and give it the focus; load it when it is older than what is held. */
async function bring(id: string, said: Thread, into: HTMLElement): Promise<void> {
  shown.value = null;
  await said.need(id).catch(() => undefined);
  await new Promise((drawn) => requestAnimationFrame(drawn));
  const found = into.querySelector<HTMLElement>(`[data-entry="${CSS.escape(id)}"]`);
  found?.scrollIntoView({ block: "center" });
  found?.focus();
}

function Nothing({ line }: { line: Line }) {
  const proven = line.proven_at === null ? null : Date.parse(line.proven_at);
  if (proven === null || !fresh.value) return <p>{t("screen-no-messages")}</p>;
  return <p>{t("screen-no-messages-proven", { span: span(now.value - proven) })}</p>;
}
