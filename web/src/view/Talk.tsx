/** The key to talk: held by mouse, finger or key; two short taps, or the button beside it, keep it open. */
import type { ButtonHTMLAttributes } from "preact";
import type { Call } from "../api/types";
import { isOpen } from "../call/talk";
import { nameOf, standing } from "../call/words";
import { track } from "../sound/devices";
import { legNumber, legState } from "../sound/leg";
import { fresh, leads } from "../state/console";
import { remembered } from "../state/sound";
import { key, press, refused, release, talkables, talksIn, toggle } from "../state/talking";
import { t } from "../words/sentences";
import style from "./CallBar.module.css";

const HAND = "pointer";
const KEY = "button";

export function Talk({ call }: { call: Call }) {
  const name = nameOf(call);
  const may = talkables.value.some((one) => nameOf(one) === name) && track.value !== null;
  const mine = talksIn.value === name;
  const open = mine && isOpen(key.value);
  const kept = mine && key.value.mode === "kept";
  const confirmed = call.seats.some((seat) => seat.leg === legNumber.value && seat.gate_open);
  const why = may ? null : hindrance(call);
  return (
    <>
      <button
        type="button"
        class={style.talk}
        data-act="talk"
        data-open={open}
        aria-pressed={open}
        aria-keyshortcuts="Space"
        disabled={!may}
        {...hands(name)}
      >
        {t("label-talk")}
      </button>
      <button
        type="button"
        data-act="keep"
        aria-pressed={kept}
        disabled={!may}
        onClick={() => toggle(name)}
      >
        {t("label-keep-open")}
      </button>
      <strong class={style.gate} role="status" data-testid="gate" data-open={open} data-confirmed={confirmed}>
        {open && (kept ? t("label-gate-kept") : t("label-gate-open"))}
      </strong>
      {why !== null && <span class={style.why}>{why}</span>}
      {refused.value?.call === name && (
        <span class={style.wrong} role="alert">
          {refused.value.text ?? t("screen-gate-unknown")}
        </span>
      )}
    </>
  );
}

/** Pressed and released by whatever holds it; a click that no hand has made (a screen reader) keeps it open. */
function hands(name: string): ButtonHTMLAttributes<HTMLButtonElement> {
  const isKey = (event: KeyboardEvent) => event.key === " " || event.key === "Enter";
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press(name, HAND);
    },
    onPointerUp: () => release(HAND),
    onPointerCancel: () => release(HAND),
    onLostPointerCapture: () => release(HAND),
    onContextMenu: (event) => event.preventDefault(),
    onKeyDown: (event) => {
      if (!isKey(event)) return;
      event.preventDefault();
      if (!event.repeat) press(name, KEY);
    },
    onKeyUp: (event) => {
      if (!isKey(event)) return;
      event.preventDefault();
      release(KEY);
    },
    onBlur: () => release(KEY),
    onClick: (event) => event.detail === 0 && toggle(name),
  };
}

/** Why one cannot talk now; null where the state of the call says it. */
function hindrance(call: Call): string | null {
  if (standing(call) === "on-hold" || !fresh.value) return null;
  if (!leads.value) return t("screen-sound-elsewhere");
  if (!remembered.value) return t("screen-sound-not-begun");
  if (legState.value !== "up") return t("screen-leg-connecting");
  return track.value === null ? t("screen-talk-no-microphone") : null;
}
