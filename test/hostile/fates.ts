/** What became of a hostile table: of each of the two, and of what must hold of the others. */
import type { Deed, Hostility } from "./kinds.ts";
import type { Facts } from "./words.ts";

/** What became of one of the two. */
export interface Fate {
  readonly member: string;
  readonly deed: Deed;
  /** How often it did it. */
  readonly acts: number;
  readonly isProvable: boolean;
  readonly offences: readonly string[];
  readonly hasSeat: boolean;
  readonly stakeBefore: number;
  readonly stakeAfter: number;
}

export interface Played {
  readonly name: string;
  readonly words: string;
  readonly rolls: number;
  readonly voids: number;
  readonly seconds: number;
  readonly sequence: number;
  readonly views: number;
  readonly epochs: number;
  /** Of the honest in the end; undefined where they had not come to one. */
  readonly digest: string | undefined;
  readonly fates: readonly Fate[];
  /** The longest evidence that somebody found, in operations. */
  readonly parts: number;
  /** What did not hold; nothing where all did. */
  readonly broken: readonly string[];
}

/** Everybody staked so many, and nothing else of theirs can. */
const STAKE_CHIPS = 1_000;

/** As an honest one knows it. */
export function fateOf(
  facts: Facts | undefined,
  { deeds, provable }: Hostility,
  member: string,
  at: number,
  acts: number,
): Fate {
  return {
    ...{ member: member.slice(0, 8), deed: deeds[at], acts, isProvable: provable.includes(at) },
    offences: facts?.offences.flatMap(({ key, kind }) => (key === member ? [kind] : [])) ?? [],
    hasSeat: facts?.members.includes(member) ?? false,
    stakeBefore: STAKE_CHIPS,
    stakeAfter: facts?.stakes.find(({ key }) => key === member)?.chips ?? 0,
  };
}

/** Who can be proved a liar pays, and nobody pays for anything else. Of twins one may have staked nothing. */
export function wrongIn(fates: readonly Fate[], isTwins: boolean): string[] {
  return fates.flatMap(({ member, isProvable, offences, hasSeat, stakeAfter }) => {
    const isPunished = offences.length > 0 && !hasSeat && stakeAfter < STAKE_CHIPS;
    if (isProvable && !isPunished) return [`${member} lied provably, and has its seat or all of its stake`];
    if (offences.length > 0 || (hasSeat && (stakeAfter === STAKE_CHIPS || isTwins))) return [];
    return [`${member} was punished for what nobody has proved`];
  });
}

/** Nobody but the two is ever blamed, and no chip is lost, as this one sees it. */
export function brokenIn(
  { offences, members: now, stakes, isBalanced }: Facts,
  at: number,
  members: readonly string[],
  suspects: readonly string[],
): string[] {
  const honest = members.filter((key) => !suspects.includes(key));
  const broken = honest.flatMap((key) => [
    ...(has(offences, key) ? [`honest ${key.slice(0, 8)} is in the book of ${at}`] : []),
    ...(now.includes(key) ? [] : [`honest ${key.slice(0, 8)} has lost its seat, says ${at}`]),
    ...(stakes.find((each) => each.key === key)?.chips === STAKE_CHIPS ? [] : [`${key.slice(0, 8)} has paid`]),
  ]);
  return isBalanced ? broken : [...broken, `the chips of ${at} are not all there`];
}

export const has = (offences: Facts["offences"], key: string): boolean => offences.some((each) => each.key === key);
