/** What two lists of lines have in common and what each has alone, in order: the longest common subsequence. */

export type Difference =
  /** It was said then and is not now, or the other way round; `at` is its place in its own list, from one. */
  { readonly type: "missing" | "new"; readonly at: number; readonly words: string };

/** The table grows with the square; of longer lists the beginnings are compared. */
const LENGTH_MAX = 2000;

export function differences(then: readonly string[], now: readonly string[]): Difference[] {
  const before = then.slice(0, LENGTH_MAX);
  const after = now.slice(0, LENGTH_MAX);
  const width = after.length + 1;
  // common[i * width + j]: how much the lists have in common from i and j on.
  const common = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j]
          ? 1 + common[(i + 1) * width + j + 1]
          : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const found: Difference[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      i += 1;
      j += 1;
    } else if (j === after.length || (i < before.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      found.push({ type: "missing", at: ++i, words: before[i - 1] });
    } else {
      found.push({ type: "new", at: ++j, words: after[j - 1] });
    }
  }
  return found;
}
