/** Search over the record: words in every script and spelling, newest first. Looking records nothing. */
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, NoAnswer, Refused } from "../api/client";
import type { Entry, Found } from "../api/types";
import { Chip, Told } from "../view/Chip";
import { explained } from "../view/failure";
import { t } from "../words/sentences";
import { OpenEntry, Why } from "./parts";
import style from "./Screens.module.css";

/** What was asked last, and what was found: it stands there when the officer comes back. */
const words = signal("");
const similar = signal(true);
const hits = signal<Found["hits"] | null>(null);
const next = signal<number | null>(null);
const behind = signal(0);

export function Search() {
  const [why, tell] = useState("");
  const [busy, work] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const ask = async (before?: number) => {
    if (!words.peek().trim()) return;
    tell("");
    work(true);
    try {
      const found = await get<Found>("/search", { query: { q: words.peek().trim(), similar: similar.peek(), before }, withinMs: 10_000 });
      hits.value = before === undefined ? found.hits : [...(hits.peek() ?? []), ...found.hits];
      next.value = found.next_before;
      behind.value = found.behind;
    } catch (wrong) {
      if (!(wrong instanceof NoAnswer || wrong instanceof Refused)) throw wrong;
      tell(explained(wrong));
    }
    work(false);
  };
  return (
    <section aria-label={t("label-screen-search")}>
      <form
        class={style.row}
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <label>
          {t("label-search-words")}{" "}
          <input
            ref={field}
            type="text"
            dir="auto"
            size={30}
            data-field="search"
            value={words.value}
            onInput={(event) => {
              words.value = event.currentTarget.value;
            }}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={similar.value}
            onChange={(event) => {
              similar.value = event.currentTarget.checked;
            }}
          />{" "}
          {t("label-similar-too")}
        </label>
        <button type="submit" data-primary disabled={busy}>
          {t("label-search")}
        </button>
      </form>
      <Why why={why} />
      {behind.value > 0 && <p>{t("screen-search-behind", { count: behind.value })}</p>}
      {hits.value !== null && !hits.value.length && <p>{t("screen-search-nothing")}</p>}
      <ul class={style.list} data-testid="hits">
        {hits.value?.map((hit) => (
          <Hit key={`${hit.line}/${hit.id}`} hit={hit} />
        ))}
      </ul>
      {next.value !== null && (
        <button type="button" disabled={busy} onClick={() => void ask(next.peek() ?? undefined)}>
          {t("label-show-older")}
        </button>
      )}
    </section>
  );
}

function Hit({ hit }: { hit: Found["hits"][number] }) {
  const [whole, show] = useState<Entry | null>(null);
  const [why, tell] = useState("");
  const read = () => {
    get<Entry>(`/entries/${hit.id}`, { query: { line: hit.line } }).then(show, (wrong: unknown) => {
      if (wrong instanceof NoAnswer || wrong instanceof Refused) tell(explained(wrong));
    });
  };
  return (
    <li data-hit={hit.id}>
      <span class={style.row}>
        <Chip of={hit.line} /> <Chip of={hit.id} /> <Chip of={hit.dtg} />
        <bdi>{hit.desk}</bdi> · <bdi>{hit.label}</bdi>
        <span class={style.quiet}>
          <bdi>{hit.kind}</bdi>
        </span>
        {hit.mark !== "OPERATION" && <strong>{hit.mark === "EXERCISE" ? t("label-exercise") : t("label-test")}</strong>}
        {hit.similar && <span>{t("label-similar")}</span>}
        {hit.kind === "message" ? (
          <OpenEntry line={hit.line} entry={hit.id} />
        ) : (
          <button type="button" onClick={read}>
            {t("label-whole-text")}
          </button>
        )}
      </span>
      <Told text={whole?.text ?? hit.excerpt} language={whole?.language ?? null} />
      <Why why={why} />
    </li>
  );
}
