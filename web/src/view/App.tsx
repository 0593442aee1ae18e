/** The whole screen, and the keys that work everywhere. */
import { useEffect } from "preact/hooks";
import { lines, needed, room, session, thread } from "../state/console";
import { letters } from "../state/settings";
import { t } from "../words/sentences";
import style from "./App.module.css";
import { Bar, LostBar } from "./Bar";
import { Board } from "./Board";
import { answer } from "./Composer";
import { nextPane, show } from "./focus";
import { Needs } from "./Needs";
import { Room } from "./Room";
import { invited, Register, SignIn } from "./SignIn";

export function App() {
  if (invited.value !== null) return <Register invite={invited.value} />;
  if (session.value === undefined) return <p class={style.opening}>{t("screen-opening")}</p>;
  return session.value === null ? <SignIn /> : <Console />;
}

function Console() {
  useEffect(() => {
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  return (
    <div class={style.console}>
      <LostBar />
      <Bar />
      <Needs />
      <div class={style.panes}>
        <Board />
        <Room />
      </div>
    </div>
  );
}

function pressed(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "F6") nextPane();
  else if (event.altKey && /^\d$/.test(event.key)) goTo(Number(event.key));
  else if (event.key === "Escape" && !typing()) room.value = null;
  else if (!letters.value || typing() || event.ctrlKey || event.altKey || event.metaKey || !letter(event.key)) return;
  event.preventDefault();
}

function goTo(place: number): void {
  if (place === 0) room.value = null;
  else room.value = lines.value[place - 1]?.line ?? room.value;
}

/** The single letters. True when this one is a key. */
function letter(key: string): boolean {
  if (key === "n") {
    const first = needed.value[0];
    if (!first) return false;
    room.value = first.line;
    if (first.entryId !== null) show(first.entryId);
    return true;
  }
  const focused = document.activeElement?.closest<HTMLElement>("[data-entry]");
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
