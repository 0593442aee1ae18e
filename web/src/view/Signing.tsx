/** "Sign personally": after a FLASH has gone or a watch was taken, the officer's passkey is asked for. */
import { useState } from "preact/hooks";
import { NoAnswer, Refused } from "../api/client";
import { fresh } from "../state/console";
import { putAside, sign, toSign } from "../state/signing";
import { t } from "../words/sentences";
import { Chip } from "./Chip";
import { explained } from "./failure";
import style from "./Prepare.module.css";

export function Signing() {
  const [failure, fail] = useState<string | null>(null);
  const [busy, hold] = useState(false);
  const one = toSign.value[0];
  if (!one) return null;
  const go = async () => {
    fail(null);
    hold(true);
    try {
      await sign(one);
    } catch (why) {
      if (why instanceof Refused || why instanceof NoAnswer) fail(explained(why));
      else if (why instanceof DOMException) fail(t("screen-sign-declined"));
      else throw why;
    } finally {
      hold(false);
    }
  };
  return (
    <section class={style.strip} data-testid="signing" aria-label={t("label-sign-title")}>
      <strong>{t("label-sign-title")}</strong> <Chip of={one.id} />
      <span>{t("screen-sign-effect")}</span>
      <button type="button" data-primary data-act="sign" disabled={busy || !fresh.value} onClick={() => void go()}>
        {t("label-sign")}
      </button>
      <button
        type="button"
        data-act="sign-later"
        onClick={() => {
          fail(null);
          putAside(one);
        }}
      >
        {t("label-sign-later")}
      </button>
      {failure !== null && <span role="alert">{failure}</span>}
    </section>
  );
}
