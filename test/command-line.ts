/** What the command lines of the programs beside the product have in common. */

/** Undefined where words are unknown, or lack what belongs to them. */
export function wordsBy<Words>(parse: () => Words): Words | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

export function natural(word: string, max: number): number | undefined {
  const value = Number(word);
  return /^\d+$/.test(word) && value <= max ? value : undefined;
}
