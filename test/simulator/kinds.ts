/** What can go wrong, by name: each is counted where it happens, and none may be left out of a thousand seeds. */

export const FAULTS = [
  "loss",
  "duplication",
  "reordering",
  "corruption",
  "truncation",
  "clogging",
  "symmetricPartition",
  "oneWayPartition",
  "bridgePartition",
  "flappingPartition",
  "pause",
  "crash",
  "crashWithinStep",
  "powerCut",
  "strike",
  "tornTail",
  "slowDisk",
  "lyingDisk",
  "rolledBackDisk",
  "damagedDisk",
  "clockSkew",
  "clockJump",
  "bootIn1970",
  "sleep",
  "join",
  "leave",
  "newRules",
] as const;
export type Fault = (typeof FAULTS)[number];

export const ATTACKS = [
  "twins",
  "mutation",
  "equivocation",
  "doubleVote",
  "withholding",
  "selectiveSilence",
  "forgedCertificates",
  "replay",
  "viewChangeSpam",
  "flooding",
  "corruptChunks",
  "slowPrimary",
  "lyingStatus",
  "staleProofs",
  "amnesiac",
  "falseNewView",
] as const;
export type Attack = (typeof ATTACKS)[number];

/** What members of a table of craps do to its dice, beside what else they do. */
export const DICE_ATTACKS = [
  "withheldPartial",
  "forgedPartial",
  "withheldDealing",
  "wrongDealing",
  "falseComplaint",
  "forgedSettlement",
  "withheldSecret",
  "earlySurrender",
] as const;
export type DiceAttack = (typeof DICE_ATTACKS)[number];

/** Disks of members that count as faulty: what they forgot is not the engine's fault. */
export const BAD_DISKS = ["lyingDisk", "rolledBackDisk", "damagedDisk"] as const;
export type BadDisk = (typeof BAD_DISKS)[number];

export type Counts = { [kind: string]: number };

export const noCounts = (kinds: readonly string[]): Counts => Object.fromEntries(kinds.map((kind) => [kind, 0]));
