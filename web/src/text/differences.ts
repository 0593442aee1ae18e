/** Two texts beside each other, word by word: which words stand in both, in this order. It compares letters, never meaning. */

export interface Run {
  text: string;
  /** Whether the other text has these words too, at this place. */
  same: boolean;
}

/** Longer texts are shown without marks: the work grows with both lengths, and the text is of the other side. */
export const WORDS_MAX = 400;

/** Both texts in runs of words, or null where one has more words than are compared. */
export function differences(left: string, right: string): readonly [Run[], Run[]] | null {
  const [a, b] = [wordsOf(left), wordsOf(right)];
  if (a.length > WORDS_MAX || b.length > WORDS_MAX) return null;
  const [inA, inB] = common(a, b);
  return [runs(a, inA), runs(b, inB)];
}

function wordsOf(text: string): string[] {
  return text.trim() === "" ? [] : text.trim().split(/\s+/u);
}

/** Which places of each belong to the longest common run of words. */
function common(a: readonly string[], b: readonly string[]): readonly [Set<number>, Set<number>] {
  const wide = b.length + 1;
  const long = new Uint16Array((a.length + 1) * wide);
  const at = (i: number, j: number) => long[i * wide + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      long[i * wide + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const [inA, inB] = [new Set<number>(), new Set<number>()];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      inA.add(i++);
      inB.add(j++);
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return [inA, inB];
}

function runs(words: readonly string[], same: ReadonlySet<number>): Run[] {
  const found: Run[] = [];
  words.forEach((word, place) => {
    const last = found.at(-1);
    if (last && last.same === same.has(place)) last.text += ` ${word}`;
    else found.push({ text: word, same: same.has(place) });
  });
  return found;
}
