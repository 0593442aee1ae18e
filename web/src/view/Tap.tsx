/** "It was me": an officer puts a name to what this desk has just done. It delays nothing, and may be left out. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { fresh, may, session } from "../state/console";
import { about } from "../state/saying";
import { tapsOf } from "../state/taps";
import { t } from "../words/sentences";
import { Chip } from "./Chip";
import { Dialog } from "./Dialog";
import { useSaying } from "./saying";

/** The name that was given last at this desk. */
const lastName = signal<{ desk: string; name: string } | null>(null);

function remembered(): string {
  const desk = session.value?.desk ?? "";
  return lastName.value?.desk === desk ? lastName.value.name : "";
}

/** `entry` is ours: a FLASH, a STOP, an answer, or the receipt by which we have accepted a FLASH. */
export function TapKey({ line, entry }: { line: string; entry: string }) {
  const [asking, ask] = useState(false);
  if (!may("read")) return null;
  return (
    <>
      <button type="button" data-act="tap" disabled={!fresh.value} onClick={() => ask(true)}>
        {t("label-tap")}
      </button>
      {asking && <Question line={line} entry={entry} close={() => ask(false)} />}
    </>
  );
}

/** Who it was, as far as anybody has said. */
export function Tapped({ line, entry }: { line: string; entry: string }) {
  return (
    <>
      {tapsOf(line, entry).map((tap) => (
        <span key={tap.id} data-tapped={entry}>
          {t("label-tapped-by")} <bdi>{String(tap.body.by ?? "")}</bdi> <Chip of={tap.time.dtg} />
        </span>
      ))}
    </>
  );
}

function Question({ line, entry, close }: { line: string; entry: string; close: () => void }) {
  const { told, busy, run } = useSaying();
  const [name, write] = useState(remembered());
  const by = name.trim();
  const say = () => {
    lastName.value = { desk: session.value?.desk ?? "", name: by };
    run(() => about(entry, line, "tap", { by }), close);
  };
  return (
    <Dialog title={t("label-tap-entry", { entry })} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (by) say();
        }}
      >
        <label>
          {t("label-your-name")}{" "}
          <input type="text" dir="auto" autoComplete="off" value={name} onInput={(event) => write(event.currentTarget.value)} />
        </label>
        {told && <p role="alert">{told}</p>}
        <button type="submit" data-primary data-act="tap-confirm" disabled={busy || !by}>
          {t("label-tap")}
        </button>
        <button type="button" onClick={close}>
          {t("label-back")}
        </button>
      </form>
    </Dialog>
  );
}
