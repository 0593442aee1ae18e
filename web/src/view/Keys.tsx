/** The keys, and the switch for those that are single letters (WCAG 2.1.4). */
import { chooseLetters, letters } from "../state/settings";
import { t } from "../words/sentences";
import { Dialog } from "./Dialog";
import style from "./Keys.module.css";

/** A key and what it does; the one without a letter is the longest. */
const KEYS: readonly (readonly [string, string])[] = [
  ["Alt+1 … Alt+9", "label-key-line"],
  ["Alt+0", "label-key-board"],
  ["N", "label-key-needs"],
  ["A", "label-key-accept"],
  ["R", "label-key-reply"],
  ["C", "label-key-call"],
  ["S", "label-key-stop"],
  ["", "label-key-talk"],
  ["F6", "label-key-pane"],
  ["Ctrl+Enter", "label-key-send"],
  ["Esc", "label-key-back"],
];

export function Keys({ close }: { close: () => void }) {
  return (
    <Dialog title={t("label-keys")} close={close}>
      <dl class={style.keys}>
        {KEYS.map(([key, id]) => (
          <div key={key}>
            <dt>
              <kbd>{key || t("label-space")}</kbd>
            </dt>
            <dd>{t(id)}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input type="checkbox" checked={letters.value} onChange={(event) => chooseLetters(event.currentTarget.checked)} />{" "}
        {t("label-single-letters")}
      </label>
      <button type="button" data-primary onClick={close}>
        {t("label-close")}
      </button>
    </Dialog>
  );
}
