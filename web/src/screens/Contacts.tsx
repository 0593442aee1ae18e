/** Contacts: what there was between the parties, what each says of it, and what was asked, demanded and alleged. */
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Contact, Contacts as Views, Line } from "../api/types";
import { Chip } from "../view/Chip";
import { t } from "../words/sentences";
import { useAsked } from "./asked";
import { Charges } from "./Charges";
import { Page } from "./Page";
import { Why } from "./parts";
import { Compare } from "./Readouts";
import { Requests } from "./Requests";
import style from "./Screens.module.css";
import { LEVELS, word } from "./words";

type Part = "history" | "readouts" | "requests" | "charges";

const PARTS: readonly (readonly [Part, string])[] = [
  ["history", "label-part-history"],
  ["readouts", "label-part-readouts"],
  ["requests", "label-part-requests"],
  ["charges", "label-part-charges"],
];
const part = signal<Part>("history");

export function Contacts({ line }: { line: Line }) {
  return (
    <>
      <div class={style.row} role="group" aria-label={t("label-parts")}>
        {PARTS.map(([name, label]) => (
          <button
            key={name}
            type="button"
            data-part={name}
            aria-pressed={part.value === name}
            onClick={() => {
              part.value = name;
            }}
          >
            {t(label)}
          </button>
        ))}
      </div>
      {part.value === "history" && <History line={line} />}
      {part.value === "readouts" && <Compare line={line.line} />}
      {part.value === "requests" && <Requests line={line} />}
      {part.value === "charges" && <Charges line={line} />}
    </>
  );
}

interface Filter {
  level: string;
  at_least: boolean;
  party: string;
  person: string;
  since: string;
  until: string;
  every: boolean;
}

const ALL: Filter = { level: "", at_least: false, party: "", person: "", since: "", until: "", every: false };

/** By level, party, person and period; each contact with what the history answers. */
function History({ line }: { line: Line }) {
  const [filter, set] = useState(ALL);
  const [open, choose] = useState<Contact | null>(null);
  const { value, why } = useAsked<Views>("/contacts", {
    line: filter.every ? undefined : line.line,
    level: filter.level || undefined,
    at_least: filter.at_least || undefined,
    party: filter.party.trim() || undefined,
    person: filter.person.trim() || undefined,
    since: filter.since || undefined,
    until: filter.until || undefined,
  });
  if (open !== null) return <Page line={open.line} contact={open.id} back={() => choose(null)} />;
  return (
    <section aria-label={t("label-part-history")}>
      <Filters filter={filter} change={(more) => set({ ...filter, ...more })} />
      <Why why={why} />
      {value !== null && !value.contacts.length && <p>{t("screen-no-contacts")}</p>}
      <ul class={style.list}>
        {value?.contacts.map((contact) => (
          <Row key={`${contact.line}/${contact.id}`} contact={contact} open={() => choose(contact)} />
        ))}
      </ul>
    </section>
  );
}

function Filters({ filter, change }: { filter: Filter; change: (more: Partial<Filter>) => void }) {
  const text = (name: "party" | "person", label: string) => (
    <label>
      {label}{" "}
      <input type="text" dir="auto" size={14} data-field={name} value={filter[name]} onInput={(event) => change({ [name]: event.currentTarget.value })} />
    </label>
  );
  const day = (name: "since" | "until", label: string) => (
    <label>
      {label} <input type="date" data-field={name} value={filter[name]} onInput={(event) => change({ [name]: event.currentTarget.value })} />
    </label>
  );
  const tick = (name: "at_least" | "every", label: string) => (
    <label>
      <input type="checkbox" data-field={name} checked={filter[name]} onChange={(event) => change({ [name]: event.currentTarget.checked })} />{" "}
      {label}
    </label>
  );
  return (
    <div class={style.row}>
      <label>
        {t("label-fact-level")}{" "}
        <select data-field="level" value={filter.level} onChange={(event) => change({ level: event.currentTarget.value })}>
          <option value="">{t("label-every-level")}</option>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {word(level)}
            </option>
          ))}
        </select>
      </label>
      {tick("at_least", t("label-or-higher"))}
      {text("party", t("label-party"))}
      {text("person", t("label-fact-person"))}
      {day("since", t("label-since"))}
      {day("until", t("label-until"))}
      {tick("every", t("label-every-line"))}
    </div>
  );
}

function Row({ contact, open }: { contact: Contact; open: () => void }) {
  return (
    <li data-contact={contact.id}>
      <span class={style.row}>
        <button type="button" onClick={open}>
          {t("label-open")} <Chip of={contact.id} />
        </button>
        <strong>
          <Chip of={contact.began.text} />
        </strong>
        <span>{word(contact.level)}</span>
        <span>{word(contact.medium)}</span>
        <bdi>{contact.parties.join(", ")}</bdi>
        {contact.elsewhere && <span>{t("label-elsewhere")}</span>}
        {contact.disputed && <strong class={style.wrong}>{t("label-disputed")}</strong>}
        {contact.mark !== "OPERATION" && <strong>{contact.mark === "EXERCISE" ? t("label-exercise") : t("label-test")}</strong>}
        <Chip of={contact.line} />
      </span>
      <ul>
        {contact.notes.map((note) => (
          <li key={note.id} data-note={note.id}>
            {note.text}
          </li>
        ))}
      </ul>
    </li>
  );
}
