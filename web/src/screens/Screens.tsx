/** The screens that are not the desk: the watch of a line, its contacts, and the search. Everything comes from our node. */
import { useState } from "preact/hooks";
import type { Line } from "../api/types";
import { fresh, lines, room, type ScreenName } from "../state/console";
import { t } from "../words/sentences";
import { Chip } from "../view/Chip";
import { Contacts } from "./Contacts";
import style from "./Screens.module.css";
import { Search } from "./Search";
import { Watch } from "./Watch";

const TITLES: Record<ScreenName, string> = {
  watch: "label-screen-watch",
  contacts: "label-screen-contacts",
  search: "label-screen-search",
};

export function Screens({ name }: { name: ScreenName }) {
  const [chosen, choose] = useState("");
  const line = lines.value.find((one) => one.line === (room.value ?? chosen)) ?? lines.value[0];
  return (
    <main class={style.screen} tabIndex={-1} data-pane data-testid={`screen-${name}`} aria-label={t(TITLES[name])}>
      <header class={style.head}>
        <h1>{t(TITLES[name])}</h1>
        {line && lines.value.length > 1 && <WhichLine line={line} choose={choose} />}
        {line && <Chip of={line.line} />}
      </header>
      {!fresh.value && <p class={style.wrong}>{t("screen-old")}</p>}
      {line && name === "watch" && <Watch key={line.line} line={line} />}
      {line && name === "contacts" && <Contacts key={line.line} line={line} />}
      {name === "search" && <Search />}
    </main>
  );
}

function WhichLine({ line, choose }: { line: Line; choose: (line: string) => void }) {
  return (
    <label>
      {t("label-line")}{" "}
      <select
        value={line.line}
        onChange={(event) => {
          choose(event.currentTarget.value);
          room.value = event.currentTarget.value;
        }}
      >
        {lines.value.map((one) => (
          <option key={one.line} value={one.line}>
            {one.line}
          </option>
        ))}
      </select>
    </label>
  );
}
