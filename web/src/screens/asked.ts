/** What a screen shows is asked of our own node, again whenever something has happened; what was shown stays meanwhile. */
import { useEffect, useState } from "preact/hooks";
import { type Asked, get, NoAnswer, Refused } from "../api/client";
import { happenings } from "../state/console";
import { language } from "../words/sentences";
import { explained } from "../view/failure";

const WITHIN_MS = 8_000;
const PAUSE_MS = 1_000;

export interface Told<T> {
  value: T | null;
  /** Why there is nothing, or nothing newer. */
  why: string;
}

/** Null for `path` asks nothing. */
export function useAsked<T>(path: string | null, query: Asked["query"] = {}): Told<T> {
  const [told, tell] = useState<Told<T> & { key: string }>({ value: null, why: "", key: "" });
  const key = `${path} ${JSON.stringify(query)} ${language.value}`;
  const happened = happenings.value;
  useEffect(() => {
    if (path === null) return undefined;
    let current = true;
    const ask = async () => {
      try {
        const value = await get<T>(path, { query, withinMs: WITHIN_MS });
        if (current) tell({ value, why: "", key });
      } catch (why) {
        if (!(why instanceof NoAnswer || why instanceof Refused)) throw why;
        if (current) tell((before) => ({ value: before.key === key ? before.value : null, why: explained(why), key }));
      }
    };
    const later = setTimeout(() => void ask(), told.key === key ? PAUSE_MS : 0);
    return () => {
      current = false;
      clearTimeout(later);
    };
  }, [key, happened]);
  return told.key === key && path !== null ? told : { value: null, why: "" };
}
