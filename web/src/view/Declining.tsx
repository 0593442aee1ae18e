/** "Not now": why is said by who wants to; the call goes on ringing elsewhere. */
import { useState } from "preact/hooks";
import type { Call } from "../api/types";
import { t } from "../words/sentences";
import { Dialog } from "./Dialog";

export function Declining({ call, close, decline }: { call: Call; close: () => void; decline: (why: string) => void }) {
  const [reason, write] = useState("");
  return (
    <Dialog title={t("label-decline-call", { party: call.by })} close={close}>
      <p>{t("screen-decline-effect")}</p>
      <label>
        {t("label-reason")}
        <input type="text" dir="auto" value={reason} onInput={(event) => write(event.currentTarget.value)} />
      </label>
      <button type="button" data-primary data-act="decline-confirm" onClick={() => decline(reason.trim())}>
        {t("label-not-now")}
      </button>
      <button type="button" onClick={close}>
        {t("label-back")}
      </button>
    </Dialog>
  );
}
