/** How loud a stream is, read a few times a second while somebody looks. */
import { type Signal, signal } from "@preact/signals";
import { context } from "./context";

const READ_EVERY_MS = 50;
const QUIETEST_DB = -60;
const FALLS_TO = 0.8;

export class Level {
  /** 0 is silence, 1 is as loud as can be; in steps of a hundredth. */
  readonly value: Signal<number> = signal(0);
  /** Whether anything was heard since it began. */
  readonly used: Signal<boolean> = signal(false);
  private readonly input: MediaStreamAudioSourceNode;
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(private readonly stream: MediaStream) {
    this.input = context().createMediaStreamSource(stream);
    this.analyser = new AnalyserNode(context(), { fftSize: 2_048 });
    this.samples = new Float32Array(this.analyser.fftSize);
    this.input.connect(this.analyser);
    all.add(this);
  }

  /** Read it no longer, and end the stream. */
  close(): void {
    all.delete(this);
    this.input.disconnect();
    for (const track of this.stream.getTracks()) track.stop();
    this.value.value = 0;
  }

  read(): void {
    this.analyser.getFloatTimeDomainData(this.samples);
    const found = loudness(this.samples);
    const shown = Math.max(found, this.value.peek() * FALLS_TO);
    this.value.value = shown < 0.005 ? 0 : Math.round(shown * 100) / 100;
    if (found > 0) this.used.value = true;
  }
}

/** The loudness of samples between -1 and 1, on a scale of decibels from 0 to 1. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / samples.length);
  return Math.min(Math.max((db - QUIETEST_DB) / -QUIETEST_DB, 0), 1);
}

const all = new Set<Level>();
let lookers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** Read every level until the returned function is called. */
export function reading(): () => void {
  lookers += 1;
  timer ??= setInterval(() => {
    for (const one of all) one.read();
  }, READ_EVERY_MS);
  return () => {
    lookers -= 1;
    if (lookers) return;
    clearInterval(timer);
    timer = undefined;
  };
}
