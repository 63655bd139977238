/** Builds that were given out and must not be used: the flasher refuses them by their id. A line stays for good, with what is
 * wrong and which build to take instead. */

export interface KnownBad {
  /** As in image.json. */
  readonly build: string;
  readonly why: string;
}

export const KNOWN_BAD: readonly KnownBad[] = Object.freeze([]);

export const knownBad = (build: string, list: readonly KnownBad[]): KnownBad | undefined =>
  list.find((each) => each.build === build);
