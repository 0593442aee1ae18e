/** Readouts side by side: the texts as they are, and the facts that their authors have tagged. No meaning is guessed. */
import { useState } from "preact/hooks";
import type { Comparison, Comparisons, Contacts, Readout } from "../api/types";
import { Chip, Told } from "../view/Chip";
import { t } from "../words/sentences";
import { useAsked } from "./asked";
import { Said, State, Table, Why } from "./parts";
import style from "./Screens.module.css";
import { word } from "./words";

export function Text({ of }: { of: Readout }) {
  return (
    <article data-readout={of.id}>
      <p>
        <strong>
          <bdi>{of.party}</bdi>
        </strong>{" "}
        <Chip of={of.id} /> <Chip of={of.released.text} />
        {of.step > 0 && ` · ${t("label-released-as", { step: of.step })}`}
      </p>
      {of.embargoed && of.embargo && (
        <p class={style.wrong}>
          {t("label-embargo")} <Chip of={of.embargo.dtg} />
        </p>
      )}
      {of.title && <Told text={of.title} language={of.language} />}
      <div class={style.text}>
        <Told text={of.text} language={of.language} />
      </div>
      {of.corrected !== null && (
        <>
          <p>
            {t("label-corrected")} {of.corrections.map((id) => <Chip key={id} of={id} />)}
          </p>
          <div class={style.text}>
            <Told text={of.corrected} language={of.language} />
          </div>
        </>
      )}
    </article>
  );
}

/** Two contacts, or one twice: each side's readouts beside each other. */
export function Compare({ line }: { line: string }) {
  const listed = useAsked<Contacts>("/contacts", { line });
  const [left, chooseLeft] = useState("");
  const [right, chooseRight] = useState("");
  const ready = left !== "" && right !== "";
  const { value, why } = useAsked<Comparisons>(ready ? "/readouts/compare" : null, { line, left, right });
  const found = listed.value?.contacts.filter((contact) => contact.readouts.length) ?? [];
  const choice = (name: string, label: string, chosen: string, choose: (id: string) => void) => (
    <label>
      {label}{" "}
      <select data-field={name} value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t("label-choose-contact")}</option>
        {found.map((contact) => (
          <option key={contact.id} value={contact.id}>
            {`${contact.id} ${contact.began.text} ${word(contact.level)}`}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section aria-label={t("label-part-readouts")} data-testid="compare">
      <div class={style.row}>
        {choice("left", t("label-left-readout"), left, chooseLeft)}
        {choice("right", t("label-right-readout"), right, chooseRight)}
      </div>
      {listed.value !== null && !found.length && <p>{t("screen-no-readouts")}</p>}
      <Why why={listed.why || why} />
      {value?.comparisons.map((pair, place) => (
        <Pair key={place} of={pair} />
      ))}
    </section>
  );
}

function Pair({ of }: { of: Comparison }) {
  return (
    <>
      <div class={style.pair}>
        {of.left ? <Text of={of.left} /> : <p>{t("screen-no-readout")}</p>}
        {of.right ? <Text of={of.right} /> : <p>{t("screen-no-readout")}</p>}
      </div>
      {of.facts.length > 0 && (
        <Table label={t("label-tagged")} head={[t("label-fact"), t("label-stands"), t("label-left-readout"), t("label-right-readout")]}>
          {of.facts.map((row, place) => (
            <tr key={place} data-outcome={row.outcome}>
              <th scope="row">{word(row.fact)}</th>
              <td>
                <State of={row.outcome} />
              </td>
              <td>{row.left && <Said claim={row.left} />}</td>
              <td>{row.right && <Said claim={row.right} />}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
