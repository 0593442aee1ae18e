/** "Needs you": always on the screen, most urgent first. What needs nobody is not here. */
import { now } from "../state/clock";
import { fresh, needed, room, status } from "../state/console";
import type { Need } from "../state/needs";
import { labelOf } from "../state/lines";
import { clock, dtg, span } from "../time/dtg";
import { t } from "../words/sentences";
import style from "./Needs.module.css";
import { show } from "./focus";
import { Shape } from "./Shape";

export function Needs() {
  const items = needed.value;
  return (
    <section class={style.needs} aria-label={t("label-needs-you", { count: items.length })} data-testid="needs">
      <h2>{fresh.value ? t("label-needs-you", { count: items.length }) : t("label-needs-you-unknown")}</h2>
      {!fresh.value && <p class={style.old}>{t("screen-needs-unknown")}</p>}
      {fresh.value && !items.length && <p>{t("screen-needs-nothing")}</p>}
      <ul>
        {items.map((need) => (
          <Item key={need.id} need={need} />
        ))}
      </ul>
    </section>
  );
}

function Item({ need }: { need: Need }) {
  return (
    <li class={`${style.item} ${need.urgency === "u1" && fresh.value ? style.now : ""}`} data-urgency={need.urgency}>
      <Shape of={fresh.value ? need.urgency : "unk"} />
      <span class={style.text}>{told(need)}</span>
      {need.dueAt !== null && <Due at={need.dueAt} />}
      <button
        type="button"
        onClick={() => {
          room.value = need.line;
          if (need.entryId !== null) show(need.entryId);
        }}
      >
        {t("label-open")}
      </button>
    </li>
  );
}

function told(need: Need): string {
  if (need.text !== null || need.entry === null) return need.text ?? need.line;
  const line = status.value?.lines.find((one) => one.line === need.line);
  return t("screen-need-accept", {
    precedence: need.entry.precedence ?? "ROUTINE",
    entry: need.entry.id,
    party: labelOf(need.entry.party, line?.members ?? []),
  });
}

function Due({ at }: { at: number }) {
  const left = at - now.value;
  const apart = span(Math.abs(left));
  return (
    <time class={style.due} dateTime={new Date(at).toISOString()} title={dtg(at)}>
      {left > 0 ? t("label-by-in", { time: clock(at), span: apart }) : t("label-by-late", { time: clock(at), span: apart })}
    </time>
  );
}
