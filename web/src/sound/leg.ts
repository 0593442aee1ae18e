/** The leg of this desk: one connection for sound to our own node, kept warm from the beginning of the watch.
 *
 * A browser that has lost a connection is not waited for: the leg is made anew at once, and takes its seat in the same
 * call. What leaves the browser is silence unless the officer talks; the gate itself is at the node. */
import { signal } from "@preact/signals";
import { get, NoAnswer, post, Refused, remove } from "../api/client";
import type { LegAnswer, Leg as LegView } from "../api/types";
import { play } from "./context";
import { direct, track } from "./devices";
import { Level } from "./level";

/** Speakers that are heard apart beside the first one. */
const MORE_SPEAKERS = 3;
const AGAIN_MS = [250, 500, 1_000, 2_000, 5_000];
const UP_WITHIN_MS = 8_000;
const STOOD_MS = 1_000;

export type LegState = "off" | "connecting" | "up" | "trouble";

export const legState = signal<LegState>("off");
/** Number of our leg at the node; null while there is none. */
export const legNumber = signal<number | null>(null);
/** Why there is no sound, as the node or its last leg says it; empty where nobody has said anything. */
export const legText = signal("");
/** How loud each speaker is, in the order of the leg. */
export const heard = signal<readonly Level[]>([]);

class Leg {
  private connection: RTCPeerConnection | null = null;
  private players: HTMLAudioElement[] = [];
  private again: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private attempt = 0;
  private upAt = Number.NEGATIVE_INFINITY;
  private wanted = false;
  private carries = false;
  private readonly over = new Set<number>();

  /** Make it, or make it anew: with the microphone there is now, else one that only hears. */
  start(): void {
    this.wanted = true;
    void this.make();
  }

  /** Whether the node carries sound now: where it does not, asking it for a leg is in vain. */
  nodeCarries(does: boolean): void {
    const before = this.carries;
    this.carries = does;
    if (does && !before && this.wanted && !this.connection) this.start();
  }

  /** No leg any more: the node hears it from the connection itself. */
  stop(): void {
    this.wanted = false;
    this.drop();
    legState.value = "off";
    legText.value = "";
  }

  /** Another microphone, or none: the leg stays, unless it could not speak before. */
  speakWith(made: MediaStreamTrack | null): void {
    const sender = this.connection?.getTransceivers()[0]?.sender;
    if (!this.wanted || !sender) return;
    if (made && this.connection?.getTransceivers()[0]?.direction === "recvonly") this.start();
    else void sender.replaceTrack(made).catch(() => this.start());
  }

  /** Send what the microphone hears, or silence. */
  talk(open: boolean): void {
    const held = track.peek();
    if (held) held.enabled = open;
  }

  /** Let every speaker sound where the officer has chosen. */
  redirect(): void {
    for (const player of this.players) direct(player);
  }

  /** The node says how a leg stands. */
  told(view: LegView): void {
    if (view.state !== "over") return;
    this.over.add(view.leg);
    if (view.leg === legNumber.peek()) this.lost(view.text);
  }

  /** The stream was away, and may have missed that the leg is over: ask. */
  async check(): Promise<void> {
    const number = legNumber.peek();
    if (number === null) return;
    const legs = await get<LegView[]>("/legs").catch(() => null);
    const mine = legs?.find((one) => one.leg === number);
    if (legs && number === legNumber.peek() && (!mine || mine.state === "over")) this.lost(mine?.text ?? "");
  }

  /** The page goes away: say so at once, so that the node need not wait for silence. */
  hang(): void {
    this.drop();
  }

  private async make(): Promise<void> {
    this.drop();
    const mine = this.attempt;
    legState.value = this.carries ? "connecting" : "trouble";
    if (!this.carries) return;
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    this.connection = connection;
    const speaks = track.peek();
    if (speaks) connection.addTransceiver(speaks, { direction: "sendrecv", streams: [new MediaStream([speaks])] });
    else connection.addTransceiver("audio", { direction: "recvonly" });
    for (let n = 0; n < MORE_SPEAKERS; n++) connection.addTransceiver("audio", { direction: "recvonly" });
    connection.ontrack = ({ track: theirs }) => this.hear(theirs);
    connection.onconnectionstatechange = () => this.look(connection);
    try {
      await connection.setLocalDescription();
      const made = await post<LegAnswer>("/legs", { body: { sdp: connection.localDescription?.sdp ?? "" } });
      if (mine !== this.attempt) return void remove(`/legs/${made.leg}`).catch(() => undefined);
      legNumber.value = made.leg;
      if (this.over.has(made.leg)) return this.lost("");
      await connection.setRemoteDescription({ type: "answer", sdp: made.sdp });
      const transport = connection.getTransceivers()[0]?.receiver.transport;
      if (transport) transport.onstatechange = () => this.look(connection);
      this.again = setTimeout(() => legState.peek() !== "up" && this.lost(""), UP_WITHIN_MS);
    } catch (why) {
      if (mine === this.attempt) this.failed(why);
    }
  }

  private look(connection: RTCPeerConnection): void {
    if (connection !== this.connection) return;
    const dtls = connection.getTransceivers()[0]?.receiver.transport?.state;
    if (connection.connectionState === "connected" && dtls !== "closed" && dtls !== "failed") {
      if (legState.peek() !== "up") this.upAt = performance.now();
      legState.value = "up";
      legText.value = "";
    } else if (["failed", "disconnected", "closed"].includes(connection.connectionState)) this.lost("");
    else if (dtls === "closed" || dtls === "failed") this.lost("");
  }

  /** At once when it has stood for a while; with longer and longer pauses when it does not come up, or not stay. */
  private lost(text: string): void {
    const stood = legState.peek() === "up" && performance.now() - this.upAt > STOOD_MS;
    this.drop();
    if (!this.wanted) return;
    legState.value = "trouble";
    if (text) legText.value = text;
    if (stood) this.failures = 0;
    if (stood) void this.make();
    else this.later();
  }

  private failed(why: unknown): void {
    this.drop();
    if (!this.wanted) return;
    legState.value = "trouble";
    if (why instanceof Refused) legText.value = why.refusal.text;
    else if (!(why instanceof NoAnswer || why instanceof DOMException)) throw why;
    this.later();
  }

  private later(): void {
    const pause = AGAIN_MS[Math.min(this.failures++, AGAIN_MS.length - 1)];
    clearTimeout(this.again);
    this.again = setTimeout(() => void this.make(), pause);
  }

  private hear(theirs: MediaStreamTrack): void {
    const stream = new MediaStream([theirs]);
    const player = new Audio();
    player.srcObject = stream;
    direct(player);
    play(player);
    this.players.push(player);
    heard.value = [...heard.peek(), new Level(stream)];
  }

  private drop(): void {
    this.attempt += 1;
    clearTimeout(this.again);
    this.talk(false);
    const connection = this.connection;
    this.connection = null;
    connection?.close();
    for (const player of this.players) player.srcObject = null;
    this.players = [];
    for (const level of heard.peek()) level.close();
    heard.value = [];
    legNumber.value = null;
  }
}

export const leg = new Leg();
