/** The screens that are not the desk: fetched when the first of them is opened, with their sentences. */
import { type Signal, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { ScreenName } from "../state/console";
import { alsoSpeak, t } from "../words/sentences";
import style from "./Room.module.css";

type Loaded = ComponentType<{ name: ScreenName }>;

const loaded: Signal<Loaded | null> = signal(null);
const failed = signal(false);
let loading = false;

async function load(): Promise<void> {
  if (loading) return;
  loading = true;
  failed.value = false;
  try {
    const [found] = await Promise.all([import("../screens/Screens"), alsoSpeak("screens"), alsoSpeak("contacts")]);
    loaded.value = found.Screens;
  } catch {
    failed.value = true; // Our own node does not answer; the bar above says so. Asked again on a press.
  }
  loading = false;
}

export function Other({ name }: { name: ScreenName }) {
  const Found = loaded.value;
  if (Found !== null) return <Found name={name} />;
  if (!failed.value) void load();
  return (
    <main class={style.empty} tabIndex={-1} data-pane>
      <p>{failed.value ? t("screen-node-silent") : t("screen-opening")}</p>
      {failed.value && (
        <button type="button" onClick={() => void load()}>
          {t("label-try-again")}
        </button>
      )}
    </main>
  );
}
