/** Before the watch: a sound that is heard, a microphone that moves its needle, and what stands in the way of either. */
import { useEffect, useState } from "preact/hooks";
import { fresh, leads, may, status, takeLead } from "../state/console";
import { closeQuestion, confirmed, prepare, preparing, remembered, unheard } from "../state/sound";
import { muted, wake } from "../sound/context";
import {
  canChooseSpeaker,
  chooseMicrophone,
  chooseSpeaker,
  microphone,
  microphones,
  openMicrophone,
  ownLevel,
  speaker,
  speakers,
  type Trouble,
  trouble,
} from "../sound/devices";
import { leg, legState, legText } from "../sound/leg";
import { reading } from "../sound/level";
import { sound } from "../sound/tones";
import { t } from "../words/sentences";
import { Dialog } from "./Dialog";
import style from "./Prepare.module.css";
import { Shape } from "./Shape";
import { Meter } from "./Sounds";

const TROUBLES: Record<Trouble, string> = {
  refused: "screen-microphone-refused",
  missing: "screen-microphone-missing",
  lost: "screen-microphone-lost",
  busy: "screen-microphone-busy",
  "no-https": "screen-microphone-no-https",
};

/** Says why this desk does not ring, or is not heard. Nothing stands here when all is well. */
export function SoundStrip() {
  const found = may("call") ? hindrance() : null;
  if (found === null) return null;
  return (
    <div class={style.strip} role="status" data-testid="sound-strip" data-why={found.name}>
      <Shape of="u3" />
      <span>{found.text}</span>
      {found.act && (
        <button type="button" data-primary onClick={found.act.run}>
          {found.act.label}
        </button>
      )}
    </div>
  );
}

interface Hindrance {
  name: string;
  text: string;
  act?: { label: string; run: () => void };
}

function hindrance(): Hindrance | null {
  const voice = status.value?.voice;
  const start = { label: t("label-start-sound"), run: prepare };
  if (!leads.value) {
    return fresh.value
      ? { name: "elsewhere", text: t("screen-sound-elsewhere"), act: { label: t("label-use-here"), run: takeLead } }
      : null;
  }
  if (!remembered.value) return { name: "not-begun", text: t("screen-sound-not-begun"), act: start };
  if (muted.value) return { name: "muted", text: t("screen-sound-muted"), act: { label: t("label-sound-on"), run: wake } };
  if (fresh.value && voice && voice.state !== "running") return { name: "voice", text: voice.text };
  if (trouble.value !== null) return { name: "microphone", text: t(TROUBLES[trouble.value]), act: start };
  if (legState.value === "trouble" && legText.value) return { name: "leg", text: legText.value };
  return null;
}

export function Prepare() {
  return preparing.value ? <Question /> : null;
}

function Question() {
  useEffect(reading, []);
  useEffect(() => sound("test"), []);
  return (
    <Dialog title={t("label-start-sound")} close={closeQuestion}>
      <Heard />
      {canChooseSpeaker && speakers.value.length > 1 && (
        <Devices
          label={t("label-speaker")}
          name="speaker"
          from={speakers.value}
          chosen={speaker.value}
          choose={(id) => {
            chooseSpeaker(id);
            leg.redirect();
            sound("test");
          }}
        />
      )}
      <Devices
        label={t("label-microphone")}
        name="microphone"
        from={microphones.value}
        chosen={microphone.value}
        choose={(id) => void chooseMicrophone(id)}
      />
      <Meter name="test" label={t("label-own-level")} of={ownLevel.value} />
      {ownLevel.value && !ownLevel.value.used.value && <p>{t("screen-microphone-speak")}</p>}
      {trouble.value !== null && (
        <>
          <p role="alert" data-testid="microphone-trouble">
            {t(TROUBLES[trouble.value])}
          </p>
          <button type="button" onClick={() => void openMicrophone()}>
            {t("label-try-again")}
          </button>
        </>
      )}
      <button type="button" onClick={closeQuestion}>
        {t("label-close")}
      </button>
    </Dialog>
  );
}

/** Whether the test sound was heard. */
function Heard() {
  const [deaf, tell] = useState(false);
  const no = () => {
    unheard();
    tell(true);
  };
  return (
    <>
      <p>{t("screen-sound-question")}</p>
      <div class={style.row}>
        <button type="button" data-act="play-again" onClick={() => sound("test")}>
          {t("label-play-again")}
        </button>
        <button type="button" data-primary data-act="heard" onClick={confirmed}>
          {t("label-heard")}
        </button>
        <button type="button" data-act="not-heard" onClick={no}>
          {t("label-not-heard-it")}
        </button>
      </div>
      {deaf && <p role="alert">{t("screen-sound-not-heard")}</p>}
    </>
  );
}

interface Choosing {
  label: string;
  name: string;
  from: readonly MediaDeviceInfo[];
  chosen: string;
  choose: (id: string) => void;
}

function Devices({ label, name, from, chosen, choose }: Choosing) {
  const known = chosen === "" || from.some((one) => one.deviceId === chosen);
  return (
    <label class={style.row}>
      {label}
      <select data-device={name} value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("label-usual-device")}</option>
        {!known && <option value={chosen}>{t("label-device-gone")}</option>}
        {from
          .filter((one) => one.deviceId !== "default" && one.deviceId !== "communications")
          .map((one) => (
            <option key={one.deviceId} value={one.deviceId}>
              {one.label}
            </option>
          ))}
      </select>
    </label>
  );
}
