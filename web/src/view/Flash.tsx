/** A FLASH wakes people. Whoever sends it types the name of the line: it never goes by one key. */
import { useState } from "preact/hooks";
import type { Line } from "../api/types";
import { peersOf } from "../state/lines";
import { t } from "../words/sentences";
import { Chip } from "./Chip";
import { Dialog } from "./Dialog";

export function Flash({ line, close, send }: { line: Line; close: () => void; send: () => void }) {
  const [typed, type] = useState("");
  const right = typed.trim() === line.line;
  return (
    <Dialog title={t("label-send-flash")} close={close}>
      <p>{t("screen-flash-effect", { party: peersOf(line).join(", ") })}</p>
      <label>
        {t("label-type-line")} <Chip of={line.line} />
        <input
          type="text"
          dir="ltr"
          autoComplete="off"
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.preventDefault();
          }}
        />
      </label>
      <button type="button" data-danger disabled={!right} onClick={send}>
        {t("label-send-flash")}
      </button>
      <button type="button" onClick={close}>
        {t("label-do-not-send")}
      </button>
    </Dialog>
  );
}
