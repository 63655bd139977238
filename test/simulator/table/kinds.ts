/** What can go wrong at a whole table, by name and layer: each is counted where it happens. */

export const TABLE_FAULTS = [
  // wires and boards
  "wireNoise",
  "cable",
  "brownOut",
  // air
  "burstyAir",
  "partition",
  // hosts
  "kill",
  "killAtDisk",
  "slowDisk",
  "failingDisk",
  "clockJump",
  "bootIn1970",
  "oldImage",
  "powerCut",
  "newSoftware",
  /** One of them is no founder, and asks for a place while dice are on their way. */
  "joining",
] as const;
export type TableFault = (typeof TABLE_FAULTS)[number];

/** What dishonest hosts do with what they say. */
export const TABLE_ATTACKS = [
  "twins",
  "equivocation",
  "mutation",
  "withholding",
  "selectiveSilence",
  "replay",
  "flooding",
  "wrongPartials",
] as const;
export type TableAttack = (typeof TABLE_ATTACKS)[number];
