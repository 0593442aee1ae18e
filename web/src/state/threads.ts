/** The messages of a line, each behind a signal of its own: what becomes of one message redraws that message alone. */
import { type Signal, signal } from "@preact/signals";
import { get, NoAnswer, Refused } from "../api/client";
import type { Entries, Entry } from "../api/types";

const FIRST_COUNT = 60;
const PAGE_COUNT = 200;
const AT_ONCE_MAX = 8;
/** How many are loaded without being asked for. */
export const LOADED_MAX = 1_000;
/** How many are kept in the page; older ones are asked for again when they are wanted. */
const KEPT_MAX = 5_000;

export class Thread {
  /** Ids of messages by arrival, oldest first. */
  readonly ids = signal<readonly string[]>([]);
  /** Where the next older page begins; null when nothing older is known to be there. */
  readonly older = signal<number | null>(null);
  readonly ready = signal(false);
  private readonly held = new Map<string, Signal<Entry>>();
  private readonly stale = new Set<string>();
  private asking = false;
  private begun = false;

  constructor(readonly line: string) {}

  /** One entry, if it is held. */
  entry(id: string): Signal<Entry> | undefined {
    return this.held.get(id);
  }

  /** Load the newest messages, then older ones until the screen has what an officer scrolls through. */
  async load(): Promise<void> {
    if (this.begun) return;
    this.begun = true;
    try {
      await this.page(FIRST_COUNT, undefined);
      this.ready.value = true;
      while (this.older.peek() !== null && this.ids.peek().length < LOADED_MAX) await this.page(PAGE_COUNT);
    } catch {
      this.begun = this.ready.peek(); // Asked again with the next beat.
    }
  }

  /** One older page. */
  async page(count = PAGE_COUNT, before: number | undefined = this.older.peek() ?? undefined): Promise<void> {
    const found = await get<Entries>("/messages", { query: { line: this.line, count, before } });
    this.older.value = found.next_before;
    this.take(found.entries);
  }

  /** The link was lost and is back: ask for the newest page again, since changes are not replayed. */
  async renew(): Promise<void> {
    if (!this.begun) return;
    const found = await get<Entries>("/messages", { query: { line: this.line, count: PAGE_COUNT } });
    this.take(found.entries);
  }

  /** Entries as they are now. Those that are messages take their place in the thread. */
  take(entries: readonly Entry[]): void {
    const added: Entry[] = [];
    for (const entry of entries) {
      const known = this.held.get(entry.id);
      if (known) {
        // Facts are only added: an answer that was on its way while something happened is the older one.
        if (facts(entry) >= facts(known.peek())) known.value = entry;
      } else {
        this.held.set(entry.id, signal(entry));
        if (entry.kind === "message") added.push(entry);
      }
    }
    if (added.length) this.ids.value = this.kept([...this.ids.peek(), ...added.map((entry) => entry.id)]);
  }

  /** An entry that another one names: a correction, a translation. */
  async need(id: string): Promise<void> {
    if (!this.held.has(id)) this.take([await get<Entry>(`/entries/${id}`, { query: { line: this.line } })]);
  }

  /** These entries have changed: ask how they are now, a page at once when there are many. */
  async changed(ids: Iterable<string>): Promise<void> {
    for (const id of ids) if (this.held.has(id)) this.stale.add(id);
    if (this.asking) return;
    this.asking = true;
    try {
      while (this.stale.size) await this.ask();
    } catch (why) {
      if (!(why instanceof NoAnswer || why instanceof Refused)) throw why; // `renew` asks again.
    } finally {
      this.asking = false;
    }
  }

  /** Ids of entries of `party` that its peers have not all receipted, newest first; older ones are settled. */
  owed(isOwed: (entry: Entry) => boolean): string[] {
    const found: string[] = [];
    let settled = 0;
    for (const id of this.ids.peek().toReversed()) {
      const entry = this.held.get(id)?.peek();
      if (entry && isOwed(entry)) found.push(id);
      else if (++settled > AT_ONCE_MAX * 8) break;
    }
    return found;
  }

  private async ask(): Promise<void> {
    if (this.stale.size > AT_ONCE_MAX) {
      const asked = [...this.stale];
      const found = await get<Entries>("/messages", { query: { line: this.line, count: PAGE_COUNT } });
      const newest = new Set(found.entries.map((entry) => entry.id));
      for (const id of asked.filter((one) => newest.has(one))) this.stale.delete(id);
      this.take(found.entries);
    }
    const some = [...this.stale].slice(0, AT_ONCE_MAX);
    for (const id of some) this.stale.delete(id);
    await Promise.all(
      some.map(async (id) => this.take([await get<Entry>(`/entries/${id}`, { query: { line: this.line } })])),
    );
  }

  private kept(ids: string[]): string[] {
    const seq = (id: string) => this.held.get(id)?.peek().seq ?? 0;
    const sorted = ids.toSorted((a, b) => seq(a) - seq(b));
    if (sorted.length <= KEPT_MAX) return sorted;
    const gone = sorted.splice(0, sorted.length - KEPT_MAX);
    for (const id of gone) this.held.delete(id);
    this.older.value = seq(sorted[0] ?? "");
    return sorted;
  }
}

function facts(entry: Entry): number {
  const lists = [entry.stages, entry.corrections, entry.translations, entry.read_backs, entry.escalations];
  return lists.reduce((sum, one) => sum + one.length, entry.cancellation === null ? 0 : 1);
}
