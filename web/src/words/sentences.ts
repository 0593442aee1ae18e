/** The sentences of the console, from the same catalogues as the command line. One language is loaded at a time. */
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { signal } from "@preact/signals";

export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Facts = Record<string, string | number>;

/** `console` is ours; `line` holds the faults of entries, which the node sends as ids with facts.
 *
 * `screens` and `contacts` are fetched with the screens that are not the desk. */
const FILES = import.meta.glob<string>(
  [
    "../../../src/openline/base/locale/*/console.ftl",
    "../../../src/openline/base/locale/*/line.ftl",
    "../../../src/openline/base/locale/*/screens.ftl",
    "../../../src/openline/base/locale/*/contacts.ftl",
  ],
  { query: "?raw", import: "default" },
);
type Room = "console" | "line" | "screens" | "contacts";
const rooms = new Set<Room>(["console", "line"]);

const bundle = signal<FluentBundle | null>(null);

/** The language that is shown. */
export const language = signal<Language>("en");

/** Show this language. Components that have used `t` draw themselves again. */
export async function speak(wanted: string): Promise<void> {
  const found = LANGUAGES.find((one) => wanted.toLowerCase().startsWith(one)) ?? "en";
  const files = Object.entries(FILES).filter(([file]) => [...rooms].some((room) => file.endsWith(`/locale/${found}/${room}.ftl`)));
  const made = new FluentBundle(found);
  for (const text of await Promise.all(files.map(([, load]) => load()))) made.addResource(new FluentResource(text));
  document.documentElement.lang = found;
  language.value = found;
  bundle.value = made;
}

/** The sentences of this room as well, from now on. */
export async function alsoSpeak(room: Room): Promise<void> {
  if (rooms.has(room)) return;
  rooms.add(room);
  await speak(language.peek());
}

/** The sentence of `id` with `facts` in it, each isolated from the direction of the text around it. */
export function t(id: string, facts: Facts = {}): string {
  const message = bundle.value?.getMessage(id);
  if (!bundle.value || !message?.value) {
    const told = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
    return told.length ? `${id} (${told.join(", ")})` : id;
  }
  return bundle.value.formatPattern(message.value, facts);
}
