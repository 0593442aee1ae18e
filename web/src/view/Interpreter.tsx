/** Interpreters' seats in a call: which of our own desks each listens to and speaks to. It stands on the record. */
import { useEffect, useState } from "preact/hooks";
import { get } from "../api/client";
import type { Call, Leg } from "../api/types";
import { ownPart } from "../call/words";
import { seat } from "../state/calls";
import { fresh } from "../state/console";
import { t } from "../words/sentences";
import style from "./CallBar.module.css";
import { Dialog } from "./Dialog";
import { useSaying } from "./saying";

export function InterpreterKey({ call }: { call: Call }) {
  const [asking, ask] = useState(false);
  return (
    <>
      <button type="button" data-act="interpreter" disabled={!fresh.value} onClick={() => ask(true)}>
        {t("label-interpreter")}
      </button>
      {asking && <Question call={call} close={() => ask(false)} />}
    </>
  );
}

function Question({ call, close }: { call: Call; close: () => void }) {
  const { told, busy, run } = useSaying();
  const own = ownPart(call);
  const desks = own?.desks ?? [];
  const seated = own?.interpreters ?? [];
  const [known, know] = useState<readonly string[]>([]);
  const [desk, write] = useState("");
  const [listens, hear] = useState<readonly string[]>(desks);
  const [speaks, talk] = useState<readonly string[]>(desks);
  useEffect(() => {
    get<Leg[]>("/legs").then((legs) => know([...new Set(legs.map((leg) => leg.desk))]), () => undefined);
  }, []);
  const others = desks.filter((one) => one !== desk);
  const chosen = (of: readonly string[]) => of.filter((one) => others.includes(one));
  const give = () => run(() => seat(call, { desk: desk.trim(), kind: "interpreter", listens: chosen(listens), speaks: chosen(speaks) }), close);
  return (
    <Dialog title={t("label-interpreter")} close={close}>
      <ul>
        {seated.map((one) => (
          <li key={one.desk} class={style.row} data-interpreter={one.desk}>
            <span>
              <bdi>{one.desk}</bdi> · {t("label-listens")}
              {t("label-of")}
              <bdi>{one.listens.join(", ")}</bdi> · {t("label-speaks-to")}
              {t("label-of")}
              <bdi>{one.speaks.join(", ")}</bdi>
            </span>
            <button
              type="button"
              data-act="seat-take"
              disabled={busy || !fresh.value}
              onClick={() => run(() => seat(call, { desk: one.desk, kind: "position", listens: [], speaks: [] }))}
            >
              {t("label-take-seat")}
            </button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (desk.trim()) give();
        }}
      >
        <label>
          {t("label-interpreter-desk")}{" "}
          <input type="text" dir="ltr" data-field="seat" list="own-desks" value={desk} onInput={(event) => write(event.currentTarget.value)} />
        </label>
        <datalist id="own-desks">
          {[...new Set([...known, ...desks])].map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Desks label={t("label-listens")} name="listens" of={others} chosen={listens} choose={hear} />
        <Desks label={t("label-speaks-to")} name="speaks" of={others} chosen={speaks} choose={talk} />
        {told && <p role="alert">{told}</p>}
        <button type="submit" data-primary data-act="seat-give" disabled={busy || !fresh.value || !desk.trim()}>
          {t("label-give-seat")}
        </button>
        <button type="button" onClick={close}>
          {t("label-back")}
        </button>
      </form>
    </Dialog>
  );
}

interface Chosen {
  label: string;
  name: string;
  of: readonly string[];
  chosen: readonly string[];
  choose: (desks: readonly string[]) => void;
}

function Desks({ label, name, of, chosen, choose }: Chosen) {
  return (
    <fieldset class={style.row}>
      <legend>{label}</legend>
      {of.map((desk) => (
        <label key={desk}>
          <input
            type="checkbox"
            data-field={`${name}-${desk}`}
            checked={chosen.includes(desk)}
            onChange={(event) => choose(event.currentTarget.checked ? [...chosen, desk] : chosen.filter((one) => one !== desk))}
          />{" "}
          <bdi>{desk}</bdi>
        </label>
      ))}
    </fieldset>
  );
}
