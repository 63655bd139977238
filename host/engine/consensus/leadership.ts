/** What a replica knows of who would lead, and who sleeps. */

export interface Leadership {
  /** One bit each member that is said to sleep. */
  asleep: number;
  /** How well this kiosk could lead, in thousandths. */
  score: number;
  /** The term that this kiosk accepted last, and whom. */
  accepted: number;
  /** Proposals of the next terms, by member. */
  proposals: ({ readonly term: number; readonly score: number } | undefined)[];
  /** Acceptances by member, for the terms that come. */
  accepts: ({ readonly term: number; readonly leader: number } | undefined)[];
}

export const leadership = (members: number): Leadership => ({
  asleep: 0,
  score: 500,
  accepted: 0,
  proposals: blank(members),
  accepts: blank(members),
});

const blank = (count: number): undefined[] => new Array(count).fill(undefined);
