/** The whole screen, and the keys that work everywhere. */
import { useEffect } from "preact/hooks";
import { nameOf } from "../call/words";
import { lines, needed, room, screen, type ScreenName, session, thread } from "../state/console";
import { handLost, press, release, talkables } from "../state/talking";
import { letters } from "../state/settings";
import { t } from "../words/sentences";
import style from "./App.module.css";
import { Bar, LostBar } from "./Bar";
import { Asking, askToCall } from "./Asking";
import { Board } from "./Board";
import { OtherCalls } from "./CallBar";
import { answer } from "./Composer";
import { nextPane } from "./focus";
import { Needs, open } from "./Needs";
import { saysPresent } from "./OfTheWatch";
import { Other } from "./Other";
import { Room } from "./Room";
import { Prepare, SoundStrip } from "./Prepare";
import { Signing } from "./Signing";
import { invited, Register, SignIn } from "./SignIn";
import { askToStop, Stopping } from "./StopKey";
import { Stops } from "./Stops";

export function App() {
  if (invited.value !== null) return <Register invite={invited.value} />;
  if (session.value === undefined) return <p class={style.opening}>{t("screen-opening")}</p>;
  return session.value === null ? <SignIn /> : <Console />;
}

function Console() {
  useEffect(() => {
    document.addEventListener("keydown", pressed);
    document.addEventListener("keyup", lifted);
    return () => {
      document.removeEventListener("keydown", pressed);
      document.removeEventListener("keyup", lifted);
      handLost();
    };
  }, []);
  return (
    <div class={style.console}>
      <LostBar />
      <Stops />
      <Bar />
      <SoundStrip />
      <Needs />
      <Signing />
      <OtherCalls />
      <div class={style.panes}>
        <Board />
        {screen.value === null ? <Room /> : <Other name={screen.value} />}
      </div>
      <Asking />
      <Stopping />
      <Prepare />
    </div>
  );
}

function pressed(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "F6") nextPane();
  else if (event.altKey && /^\d$/.test(event.key)) goTo(Number(event.key));
  else if (event.key === "Escape" && !typing()) back();
  else if (event.key === " " && letters.value && !event.ctrlKey && !event.altKey && !event.metaKey) {
    if (!talk(event.repeat)) return;
  } else if (!letters.value || typing() || event.ctrlKey || event.altKey || event.metaKey || !letter(event.key)) return;
  event.preventDefault();
}

const SPACE = "space";

/** Space talks, unless it belongs to a field or a button. True when it does. */
function talk(repeated: boolean): boolean {
  const call = talkables.value[0];
  if (!call || document.activeElement?.closest("button, a, input, select, textarea, summary, [contenteditable]")) return false;
  if (!repeated) press(nameOf(call), SPACE);
  return true;
}

/** Wherever the focus is by now, a key that was let go talks no longer. */
function lifted(event: KeyboardEvent): void {
  if (event.key === " ") release(SPACE);
}

/** From a screen to the room, from the room to the board. */
function back(): void {
  if (screen.value !== null) screen.value = null;
  else room.value = null;
}

function goTo(place: number): void {
  screen.value = null;
  if (place === 0) room.value = null;
  else room.value = lines.value[place - 1]?.line ?? room.value;
}

const SCREENS: Record<string, ScreenName | null> = { r: null, w: "watch", q: "contacts", l: "search" };
const SECOND_WITHIN_MS = 1_500;
let firstAt = Number.NEGATIVE_INFINITY;

/** G and a letter: a screen. */
function waitForScreen(): boolean {
  firstAt = performance.now();
  return true;
}

function go(name: ScreenName | null): boolean {
  screen.value = name;
  return true;
}

/** The single letters. True when this one is a key. */
function letter(key: string): boolean {
  const second = performance.now() - firstAt < SECOND_WITHIN_MS;
  firstAt = Number.NEGATIVE_INFINITY;
  if (second && key === "b") {
    room.value = null;
    return go(null);
  }
  if (second && key in SCREENS) return go(SCREENS[key] ?? null);
  if (key === "n") {
    const first = needed.value[0];
    if (!first) return false;
    open(first);
    return true;
  }
  if (key === "c") return askToCall();
  if (key === "y") return saysPresent();
  if (key === "/") return go("search");
  if (key === "g") return waitForScreen();
  const focused = document.activeElement?.closest<HTMLElement>("[data-entry]");
  if (key === "s") return room.value !== null && askToStop(room.value, focused?.dataset.entry);
  if (!focused || room.value === null) return false;
  const entry = thread(room.value).entry(focused.dataset.entry ?? "")?.value;
  if (key === "r" && entry && focused.querySelector("[data-act=reply]")) answer(room.value, entry);
  else if (key === "a") focused.querySelector<HTMLButtonElement>("[data-act=accept]")?.click();
  else return false;
  return true;
}

function typing(): boolean {
  const at = document.activeElement;
  return at instanceof HTMLTextAreaElement || (at instanceof HTMLInputElement && at.type === "text");
}
