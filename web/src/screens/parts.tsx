/** Small parts that the screens share. Text of anybody goes through `Told`, identifiers and times through `Chip`. */
import type { ComponentChildren } from "preact";
import type { Claim, Entry } from "../api/types";
import { address } from "../api/client";
import { room, screen } from "../state/console";
import { Chip, Told } from "../view/Chip";
import { show } from "../view/focus";
import { t } from "../words/sentences";
import style from "./Screens.module.css";
import { word } from "./words";

/** A word of a table of states, in its colour; the word itself says it. */
export function State({ of }: { of: string }) {
  return (
    <strong class={style.state} data-state={of}>
      {word(of)}
    </strong>
  );
}

export function Why({ why }: { why: string }) {
  return why ? (
    <p class={style.wrong} role="alert">
      {why}
    </p>
  ) : null;
}

export function Table({ head, label, children }: { head: readonly string[]; label: string; children: ComponentChildren }) {
  return (
    <div class={style.table} tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {head.map((one) => (
              <th key={one} scope="col">
                {one}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** Opens an entry in the room of its line; entries that stand in no thread have no such button. */
export function OpenEntry({ line, entry }: { line: string; entry: string }) {
  return (
    <button
      type="button"
      onClick={() => {
        room.value = line;
        screen.value = null;
        show(entry);
      }}
    >
      {t("label-open")} <Chip of={entry} />
    </button>
  );
}

/** One statement: what it says, in its own words, how exactly, and by what chain it came. */
export function Said({ claim }: { claim: Claim }) {
  const exactly = claim.precision === "about" || claim.precision === "at-least" ? `${word(claim.precision)} ` : "";
  return (
    <div data-claim={claim.id}>
      <p>
        {claim.stance !== null && (
          <>
            {word(claim.stance)} {claim.named !== null && <Chip of={claim.named} />}{" "}
          </>
        )}
        {claim.value && (
          <>
            {exactly}
            <bdi>{word(claim.value)}</bdi>{" "}
          </>
        )}
        <Chip of={claim.id} />
      </p>
      {claim.words && <Told text={claim.words} language={claim.language || null} />}
      <p class={style.quiet}>
        {claim.sources.length
          ? claim.sources.map((source, place) => (
              <span key={place}>
                {place > 0 && " ← "}
                <bdi>{source.who}</bdi> ({word(source.how)})
              </span>
            ))
          : t("label-no-source")}
        {claim.releasable !== "all" && ` · ${claim.releasable === "own" ? t("label-releasable-own") : t("label-releasable-members")}`}
      </p>
    </div>
  );
}

export function Attachments({ entry }: { entry: Entry }) {
  return (
    <>
      {entry.attachments.map((one) => (
        <a key={one.sha256} href={address(`/blobs/${one.sha256}`)} download>
          {t("label-attachment")} <Chip of={one.sha256.slice(0, 12)} />
        </a>
      ))}
    </>
  );
}
