/** The board: each line has its place and its number key, and they never move. */
import { standing } from "../call/words";
import { calls } from "../state/calls";
import { now } from "../state/clock";
import { fresh, lines, may, needed, room, routine, screen, type ScreenName } from "../state/console";
import { peersOf, URGENCY_OF_STATE } from "../state/lines";
import type { Line } from "../api/types";
import { clock, dtg, span } from "../time/dtg";
import { t } from "../words/sentences";
import style from "./Board.module.css";
import { Chip } from "./Chip";
import { Shape } from "./Shape";
import { StopKey } from "./StopKey";
import { word } from "./standing";

export const STATE_LABELS: Record<string, string> = {
  PROVEN: "label-proven",
  ONE_PATH_LEFT: "label-one-path-left",
  LATE: "label-late",
  DOWN: "label-down",
  SUSPENDED: "label-suspended",
  QUARANTINED: "label-quarantined",
  FORKED: "label-forked",
  NEVER_HEARD: "label-never-heard",
  OPENING: "label-opening",
  ENDED: "label-ended",
};

export function Board() {
  return (
    <nav class={style.board} aria-label={t("label-lines")} tabIndex={-1} data-pane data-testid="board">
      <h2>{t("label-lines")}</h2>
      {!lines.value.length && <p>{fresh.value ? t("screen-no-lines") : t("screen-lines-unknown")}</p>}
      <ol>
        {lines.value.map((line, place) => (
          <Row key={line.line} line={line} place={place + 1} />
        ))}
      </ol>
      <ScreenKeys />
    </nav>
  );
}

function Row({ line, place }: { line: Line; place: number }) {
  const known = fresh.value;
  const urgency = known ? (URGENCY_OF_STATE[line.state] ?? "unk") : "unk";
  const mine = needed.value.filter((need) => need.line === line.line).length;
  const call = [...calls.value.values()].find((one) => one.line === line.line && standing(one) !== "ended");
  const waiting = routine.value.get(line.line) ?? 0;
  return (
    <li class={style.place}>
      <button
        type="button"
        class={style.row}
        data-urgency={urgency}
        data-line={line.line}
        aria-current={room.value === line.line && screen.value === null ? "page" : undefined}
        aria-keyshortcuts={place <= 9 ? `Alt+${place}` : undefined}
        onClick={() => {
          room.value = line.line;
          screen.value = null;
        }}
      >
        <kbd class={style.key}>{place <= 9 ? place : ""}</kbd>
        <Shape of={urgency} />
        <span class={style.party}>
          {peersOf(line).map((party) => (
            <Chip key={party} of={party} />
          ))}
        </span>
        <strong class={style.state} data-testid="state">
          <State line={line} />
        </strong>
        <span class={style.facts}>{known ? <Facts line={line} /> : t("label-what-you-see-is-old")}</span>
        <span class={style.mine}>
          {known && call && t("label-call-stands", { state: word(standing(call)) })}
        </span>
        <span class={style.mine}>{known && mine > 0 && t("label-needs-you", { count: mine })}</span>
        <span class={style.mine}>{known && waiting > 0 && t("label-unaccepted", { count: waiting })}</span>
      </button>
      <StopKey line={line.line} />
    </li>
  );
}

const SCREENS: readonly (readonly [ScreenName, string, string])[] = [
  ["watch", "label-screen-watch", "G W"],
  ["contacts", "label-screen-contacts", "G Q"],
  ["search", "label-screen-search", "/"],
];

/** What is not the desk: one press away, below the lines. */
function ScreenKeys() {
  if (!may("read")) return null;
  return (
    <ul class={style.screens} aria-label={t("label-screens")}>
      {SCREENS.map(([name, label, key]) => (
        <li key={name}>
          <button
            type="button"
            data-screen={name}
            aria-current={screen.value === name ? "page" : undefined}
            onClick={() => {
              screen.value = name;
            }}
          >
            {t(label)} <kbd>{key}</kbd>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The word of a line's state. Without a fresh beat there is one word only. */
export function State({ line }: { line: Line }) {
  return <>{fresh.value ? t(STATE_LABELS[line.state] ?? "label-no-data") : t("label-no-data")}</>;
}

function Facts({ line }: { line: Line }) {
  const proven = line.proven_at === null ? null : Date.parse(line.proven_at);
  const test = line.next_test_at === null ? null : Date.parse(line.next_test_at);
  return (
    <>
      {proven === null ? (
        t("label-not-heard")
      ) : (
        <time dateTime={new Date(proven).toISOString()} title={dtg(proven)}>
          {t("label-proven-ago", { span: span(now.value - proven), time: clock(proven) })}
        </time>
      )}
      {test !== null && (
        <time dateTime={new Date(test).toISOString()} title={dtg(test)}>
          {t("label-next-test", { time: clock(test) })}
        </time>
      )}
    </>
  );
}
