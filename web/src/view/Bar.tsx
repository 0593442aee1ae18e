/** Always on the screen: the clock of the watch, the lamp of the console, who sits here, language and light. */
import { useState } from "preact/hooks";
import { now, offset } from "../state/clock";
import { fresh, leads, leave, lostSince, may, session, sitting, status } from "../state/console";
import { chooseLanguage, chooseTheme, theme } from "../state/settings";
import { legState } from "../sound/leg";
import { prepare, silence, silentUntil, sounds } from "../state/sound";
import { offWatch, onWatch } from "../state/watch";
import { dtg, local, span } from "../time/dtg";
import { language, t } from "../words/sentences";
import style from "./Bar.module.css";
import { Chip } from "./Chip";
import { Keys } from "./Keys";
import { useSaying } from "./saying";
import { Shape } from "./Shape";

const DRIFT_MS = 2_000;
const ZONE = new Intl.DateTimeFormat("en", { timeZoneName: "short" });

export function Bar() {
  const [keys, showKeys] = useState(false);
  return (
    <header class={style.bar}>
      <strong class={style.name}>
        openline {status.value && <Chip of={status.value.party} />}
        {status.value?.exercise && <span class={style.exercise}>{t("label-exercise")}</span>}
      </strong>
      <Clock />
      <Lamp />
      {session.value && (
        <span data-leg={legState.value}>{t("label-desk", { desk: session.value.desk })}</span>
      )}
      <span class={style.tools}>
        {sounds.value && <Silence />}
        <OnWatch />
        {may("call") && leads.value && (
          <button type="button" onClick={prepare}>
            {t("label-sound")}
          </button>
        )}
        <button type="button" onClick={() => void chooseLanguage(language.value === "en" ? "fr" : "en")}>
          {language.value === "en" ? "Français" : "English"}
        </button>
        <button type="button" onClick={() => chooseTheme(theme.value === "day" ? "night" : "day")}>
          {theme.value === "day" ? t("label-night") : t("label-day")}
        </button>
        <button type="button" onClick={() => showKeys(true)}>
          {t("label-keys")}
        </button>
        <button type="button" onClick={() => void leave()}>
          {t("label-sign-out")}
        </button>
      </span>
      {keys && <Keys close={() => showKeys(false)} />}
    </header>
  );
}

function Clock() {
  const at = now.value;
  const zone = ZONE.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
  const drift = offset.value ?? 0;
  return (
    <span class={style.clock} data-testid="clock">
      <time dateTime={new Date(at - (at % 1000)).toISOString()}>
        <Chip of={dtg(at)} />
      </time>{" "}
      <span class={style.local}>
        <Chip of={`${local(at)} ${zone}`} />
      </span>
      {Math.abs(drift) > DRIFT_MS && (
        <span class={style.drift}>{t("label-clock-differs", { span: span(Math.abs(drift)) })}</span>
      )}
    </span>
  );
}

/** Whether this desk is on watch: the other side sees that an officer is there, and the officer gives signs. */
function OnWatch() {
  const { told, busy, run } = useSaying();
  if (!fresh.value) return null;
  const on = sitting.value !== undefined;
  return (
    <>
      {told && <span role="alert">{told}</span>}
      <button type="button" data-act={on ? "watch-off" : "watch-on"} aria-pressed={on} disabled={busy} onClick={() => run(on ? offWatch : onWatch)}>
        {on ? t("label-leave-watch") : t("label-go-on-watch")}
      </button>
    </>
  );
}

/** No sound of the watch for a minute. It acknowledges nothing. */
function Silence() {
  const left = now.value > 0 ? silentUntil.value - Date.now() : 0; // Asked again with every tick.
  return (
    <button type="button" data-act="silence" aria-pressed={left > 0} onClick={silence}>
      {left > 0 ? t("label-silent-for", { span: span(left) }) : t("label-silence")}
    </button>
  );
}

function Lamp() {
  return (
    <span class={style.lamp} data-testid="lamp" role="status">
      <Shape of={fresh.value ? "ok" : lostSince.value === null ? "unk" : "u1"} />
      {fresh.value ? t("label-console-live") : lostSince.value === null ? t("label-connecting") : t("label-no-link")}
    </span>
  );
}

/** The full-width bar that stands above everything while our own node is not heard. */
export function LostBar() {
  if (lostSince.value === null) return null;
  return (
    <div class={style.lost} role="alert" data-testid="no-link">
      {t("screen-no-link", { since: dtg(lostSince.value) })}
    </div>
  );
}
