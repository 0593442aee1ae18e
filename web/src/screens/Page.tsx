/** One contact: the grid of facts by side, each cell with its source, and the readouts in the order of release. */
import type { ContactPage } from "../api/types";
import { Chip } from "../view/Chip";
import { t } from "../words/sentences";
import { useAsked } from "./asked";
import { Said, State, Table, Why } from "./parts";
import { Text } from "./Readouts";
import style from "./Screens.module.css";
import { word } from "./words";

export function Page({ line, contact, back }: { line: string; contact: string; back: () => void }) {
  const { value, why } = useAsked<ContactPage>(`/contacts/${contact}`, { line });
  return (
    <section aria-label={t("label-contact", { contact })} data-testid="contact">
      <div class={style.row}>
        <button type="button" onClick={back}>
          {t("label-back")}
        </button>
        <h2>
          <Chip of={contact} /> {value && <Chip of={value.contact.began.text} />} {value && word(value.contact.level)}
        </h2>
      </div>
      <Why why={why} />
      {value && (
        <>
          <ul>
            {value.contact.notes.map((note) => (
              <li key={note.id}>{note.text}</li>
            ))}
          </ul>
          <Table label={t("label-grid")} head={[t("label-fact"), ...value.members]}>
            {value.facts.map((fact, place) => (
              <tr key={place} data-fact={fact.fact}>
                <th scope="row">{word(fact.fact)}</th>
                {fact.cells.map((cell) => (
                  <td key={cell.party} data-side={cell.party} data-state={cell.state}>
                    <State of={cell.state} />
                    {cell.said.map((claim) => (
                      <Said key={claim.id} claim={claim} />
                    ))}
                  </td>
                ))}
              </tr>
            ))}
          </Table>
          {value.readouts.length > 0 && <h3>{t("label-part-readouts")}</h3>}
          <div class={style.pair}>
            {value.readouts.map((readout) => (
              <Text key={readout.id} of={readout} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}
