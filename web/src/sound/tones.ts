/** What the sounds of the watch are made of: tones with a beginning and an end, no recordings. */
import type { Tone } from "../call/alarms";
import { context } from "./context";

type Note = readonly [hz: number, fromS: number, forS: number];

const NOTES: Record<Tone | "test", readonly Note[]> = {
  stop: [0, 1, 2, 3, 4].flatMap((n): Note[] => [
    [n % 2 ? 620 : 930, n * 0.3, 0.28],
    [n % 2 ? 1_240 : 1_860, n * 0.3, 0.28],
  ]),
  ring: [0, 0.6].flatMap((from): Note[] => [
    [400, from, 0.4],
    [450, from, 0.4],
  ]),
  ringback: [[425, 0, 1]],
  flash: [0, 0.75].flatMap((from) => [660, 880, 1_100].map((hz, n): Note => [hz, from + n * 0.2, 0.18])),
  alarm: [0, 1, 2, 3, 4, 5].map((n): Note => [n % 2 ? 390 : 520, n * 0.3, 0.28]),
  immediate: [
    [880, 0, 0.3],
    [660, 0.35, 0.4],
  ],
  priority: [[740, 0, 0.25]],
  test: [523, 659, 784].map((hz, n): Note => [hz, n * 0.3, 0.28]),
};
const LOUD = 0.25;
const EDGE_S = 0.01;

/** Play it. The returned function ends it at once. */
export function sound(tone: Tone | "test"): () => void {
  const here = context();
  const begin = here.currentTime + 0.02;
  const gain = new GainNode(here, { gain: LOUD });
  gain.connect(here.destination);
  const playing = NOTES[tone].map(([hz, from, lasts]) => {
    const note = new OscillatorNode(here, { frequency: hz });
    const edge = new GainNode(here, { gain: 0 });
    note.connect(edge).connect(gain);
    edge.gain.setValueAtTime(0, begin + from);
    edge.gain.linearRampToValueAtTime(1, begin + from + EDGE_S);
    edge.gain.setValueAtTime(1, begin + from + lasts - EDGE_S);
    edge.gain.linearRampToValueAtTime(0, begin + from + lasts);
    note.start(begin + from);
    note.stop(begin + from + lasts);
    return note;
  });
  return () => {
    for (const note of playing) note.stop();
    gain.disconnect();
  };
}
