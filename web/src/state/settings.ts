/** What this desk has chosen: theme, language, and whether single letters are keys. */
import { effect, signal } from "@preact/signals";
import { speak } from "../words/sentences";

const LANGUAGE = "openline-language";

export type Theme = "day" | "night";

const dark = () => matchMedia("(prefers-color-scheme: dark)").matches;

export const theme = signal<Theme>((localStorage.getItem("openline-theme") as Theme | null) ?? (dark() ? "night" : "day"));
export const letters = signal(localStorage.getItem("openline-letters") !== "off");

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function chooseTheme(wanted: Theme): void {
  theme.value = wanted;
  localStorage.setItem("openline-theme", wanted);
}

export function chooseLetters(on: boolean): void {
  letters.value = on;
  localStorage.setItem("openline-letters", on ? "on" : "off");
}

export async function chooseLanguage(wanted: string): Promise<void> {
  localStorage.setItem(LANGUAGE, wanted);
  await speak(wanted);
}

/** Another window of this browser has chosen: all of them share one stream, and so one language. */
addEventListener("storage", (event) => {
  if (event.key === LANGUAGE && event.newValue !== null) void speak(event.newValue);
});

/** The language chosen at this desk, else the browser's. */
export function chosenLanguage(): string {
  return localStorage.getItem(LANGUAGE) ?? navigator.language;
}
