/** What is heard in a call, and how it travels: levels on both sides, the microphone, the paths to each party. */
import { useEffect } from "preact/hooks";
import type { Call, Sound, SoundPath } from "../api/types";
import { carried, lossPercent, unrepaired } from "../call/words";
import { ownLevel, track } from "../sound/devices";
import { heard } from "../sound/leg";
import { type Level, reading } from "../sound/level";
import { fresh, leads } from "../state/console";
import { prepare } from "../state/sound";
import { labelOf } from "../state/lines";
import { t } from "../words/sentences";
import style from "./CallBar.module.css";
import { Chip } from "./Chip";

/** From this level on somebody speaks, and it is not the room. */
const SOUNDS = 0.15;

export function Sounds({ call }: { call: Call }) {
  useEffect(reading, []);
  const members = call.parts.map((part) => part.party);
  return (
    <>
      <div class={style.row}>
        <Meter name="own" label={t("label-own-level")} of={ownLevel.value} />
        {heard.value.map((level, number) => (
          <Speaker key={number} number={number} of={level} />
        ))}
        {leads.value && (
          <button type="button" class={style.device} onClick={prepare}>
            {t("label-microphone")}
            {t("label-of")}
            {track.value ? <bdi>{track.value.label}</bdi> : "–"}
          </button>
        )}
        {fresh.value &&
          call.sound.map((sound) => <Carriage key={sound.party} of={sound} party={labelOf(sound.party, members)} />)}
      </div>
    </>
  );
}

/** The first speaker always; a further one once it has been heard. */
function Speaker({ number, of }: { number: number; of: Level }) {
  if (number && !of.used.value) return null;
  return <Meter name={`speaker${number}`} label={t("label-their-level", { number: number + 1 })} of={of} />;
}

export function Meter({ name, label, of }: { name: string; label: string; of: Level | null }) {
  const loud = of?.value.value ?? 0;
  return (
    <label class={style.level}>
      {label}
      <meter min={0} max={1} value={loud} data-level={name} data-loud={loud} data-sounds={loud > SOUNDS} />
    </label>
  );
}

function Carriage({ of, party }: { of: Sound; party: string }) {
  const { udp, stream, roundTripMs } = carried(of);
  const gone = unrepaired(of);
  return (
    <details class={style.carriage} data-testid="carriage" data-peer={of.party} data-udp={udp} data-stream={stream}>
      <summary>
        <bdi>{party}</bdi>
        {t("label-of")}
        {of.lost ? t("label-carried-nowhere") : how(udp, stream)}
        {roundTripMs !== null && ` · ${t("label-round-trip", { ms: Math.round(roundTripMs) })}`}
        {gone !== null && ` · ${t("label-not-repaired", { percent: gone })}`}
      </summary>
      <ul>
        {of.paths.map((path) => (
          <Way key={path.name} of={path} />
        ))}
      </ul>
    </details>
  );
}

function how(udp: number, stream: number): string {
  if (!udp) return t("label-carried-by-stream");
  return stream ? t("label-carried-by-both", { udp, stream }) : t("label-carried-by-udp", { udp });
}

function Way({ of }: { of: SoundPath }) {
  const loss = lossPercent(of);
  return (
    <li data-path={of.name} data-carriage={of.carriage}>
      <Chip of={of.name} /> {of.text}
      {of.round_trip_ms !== null && ` · ${t("label-round-trip", { ms: Math.round(of.round_trip_ms) })}`}
      {loss !== null && ` · ${t("label-path-loss", { percent: loss })}`}
    </li>
  );
}
