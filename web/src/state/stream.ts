/** One event stream for each browser, however many windows: HTTP/1.1 allows six connections to a node, and no more.
 *
 * The window that holds the lock listens and tells the others over a BroadcastChannel. When it closes, the next one
 * takes over from the last number anybody saw. Browsers without locks listen in each window. */
import { address } from "../api/client";
import type { Happened } from "../api/types";

const NAME = "openline-stream";
const AGAIN_AFTER_MS = 1_000;
const TYPES = ["entry", "change", "received", "call", "leg", "beat"];

type Told = { event: Happened } | { broke: true } | { joined: true };

export interface Listener {
  happened(event: Happened): void;
  /** The connection to the node broke. */
  broke(): void;
  /** The node has refused the stream: perhaps nobody is signed in any more. */
  refused(): void;
  /** This window listens for all of this browser now, or no longer. */
  leads(now: boolean): void;
}

export class Stream {
  private source: EventSource | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;
  private last: number | null = null;
  private lastBeat: Happened | null = null;
  private readonly channel = new BroadcastChannel(NAME);
  private readonly stopping = new AbortController();

  constructor(private readonly listener: Listener) {
    this.channel.onmessage = (message: MessageEvent<Told>) => this.heardFromWindow(message.data);
    if ("locks" in navigator) void this.lead();
    else {
      this.open();
      this.listener.leads(true);
    }
  }

  /** Stop listening; another window takes over. */
  close(): void {
    this.stopping.abort();
    this.shut();
    this.channel.close();
  }

  /** Open the stream anew: it is silent, and may hang on a connection that is dead. */
  renew(): void {
    if (this.source) this.open();
  }

  /** Listen in this window from now on; the one that did so far waits for its turn again. */
  take(): void {
    if (!this.source) void this.lead(true);
  }

  private async lead(now = false): Promise<void> {
    this.channel.postMessage({ joined: true } satisfies Told);
    const { signal } = this.stopping;
    const stopped = new Promise<void>((done) => {
      signal.addEventListener("abort", () => done());
    });
    try {
      await navigator.locks.request(NAME, now ? { steal: true } : { signal }, () => {
        if (signal.aborted) return;
        this.open();
        this.listener.leads(true);
        return stopped;
      });
    } catch (why) {
      if (signal.aborted) return;
      if (!(why instanceof DOMException && why.name === "AbortError")) throw why;
      this.shut();
      this.listener.leads(false);
      if (!now) void this.lead(); // A window that has taken it still stands in the queue.
    }
  }

  private shut(): void {
    clearTimeout(this.again);
    this.source?.close();
    this.source = null;
  }

  private open(): void {
    clearTimeout(this.again);
    this.source?.close();
    const source = new EventSource(address("/events", { after: this.last ?? undefined, language: document.documentElement.lang }));
    this.source = source;
    for (const type of TYPES) {
      source.addEventListener(type, (message) => this.happened(JSON.parse((message as MessageEvent<string>).data)));
    }
    source.onerror = () => {
      this.lastBeat = null;
      this.channel.postMessage({ broke: true } satisfies Told);
      this.listener.broke();
      // What the browser has given up is opened again by us; what it repeats by itself is left to it.
      if (source.readyState !== EventSource.CLOSED || source !== this.source) return;
      this.listener.refused();
      this.again = setTimeout(() => this.open(), AGAIN_AFTER_MS);
    };
  }

  private happened(event: Happened): void {
    if (event.type === "beat") this.lastBeat = event;
    this.seen(event);
    this.channel.postMessage({ event } satisfies Told);
  }

  private seen(event: Happened): void {
    this.last = Math.max(this.last ?? 0, event.seq);
    this.listener.happened(event);
  }

  private heardFromWindow(told: Told): void {
    if ("event" in told) this.seen(told.event);
    else if ("broke" in told) this.listener.broke();
    else if (this.lastBeat) this.channel.postMessage({ event: this.lastBeat } satisfies Told);
  }
}
