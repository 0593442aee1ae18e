/** What was written and is not known to be sent. It is sent by a person's hand only. */
import { useState } from "preact/hooks";
import { fresh } from "../state/console";
import { type Draft, drop, keep, type Sent } from "../state/drafts";
import { t } from "../words/sentences";
import { Told } from "./Chip";
import style from "./Drafts.module.css";

interface Props {
  of: readonly Draft[];
  again: (one: Draft) => Promise<Sent>;
  edit: (one: Draft) => void;
}

export function Drafts({ of, again, edit }: Props) {
  if (!of.length) return null;
  return (
    <ul class={style.drafts} aria-label={t("label-drafts")}>
      {of.map((one) => (
        <Kept key={one.key} one={one} again={again} edit={edit} />
      ))}
    </ul>
  );
}

function Kept({ one, again, edit }: { one: Draft } & Omit<Props, "of">) {
  const [told, tell] = useState("");
  const busy = one.state === "sending";
  const deliver = async () => {
    tell("");
    keep({ ...one, state: "sending" });
    const sent = await again(one);
    if ("said" in sent) return drop(one.key);
    keep({ ...one, state: "unknown" in sent ? "unknown" : one.state });
    if ("refused" in sent) tell(sent.refused.refusal.text);
  };
  return (
    <li class={style.draft} data-testid="draft">
      <strong class={style.mark}>{one.state === "unknown" ? t("label-not-confirmed") : t("label-not-sent")}</strong>
      <strong>{one.precedence}</strong>
      <Told text={one.text} language={one.language} />
      {one.state === "unknown" && <p>{t("screen-not-confirmed")}</p>}
      {told && <p role="alert">{told}</p>}
      <span class={style.acts}>
        <button type="button" disabled={!fresh.value || busy} onClick={() => void deliver()}>
          {one.state === "unknown" ? t("label-send-again") : t("label-send")}
        </button>
        {one.state === "unsent" && (
          <button type="button" onClick={() => edit(one)}>
            {t("label-edit")}
          </button>
        )}
        <button type="button" disabled={busy} onClick={() => drop(one.key)}>
          {t("label-discard")}
        </button>
      </span>
    </li>
  );
}
