/** What agreement costs in messages, by formula; the simulator counts what the engine really sends, beside these. Requests,
 * replies and checkpoints are not counted. */

/** PBFT's normal case over single links (Castro and Liskov 1999, §4.2): the primary's pre-prepare to each other, the
 * prepares of all others to everyone else, the commits of all to everyone else. It is 2n(n − 1). */
export const pointToPoint = (memberCount: number): number =>
  memberCount - 1 + (memberCount - 1) ** 2 + memberCount * (memberCount - 1);

/** The same where one transmission reaches everyone, as on a radio. */
export const broadcast = (memberCount: number): number => 1 + (memberCount - 1) + memberCount;

/** Raft (Ongaro and Ousterhout 2014, §5.3): the leader's entry to each other and its answer; that it is committed travels
 * with the next. Nobody there ever lies. */
export const raft = (memberCount: number): number => 2 * (memberCount - 1);

/** Members of whom so many may stop: those who remain outnumber them. */
export const membersForCrashes = (faultCount: number): number => 2 * faultCount + 1;

/** Members of whom so many may do anything: of those whose word is heard, the honest outnumber them, though as many more
 * honest ones may just be slow. */
export const membersForByzantine = (faultCount: number): number => 3 * faultCount + 1;

export interface CostRow {
  readonly faultCount: number;
  readonly crashMembers: number;
  readonly crashMessages: number;
  readonly byzantineMembers: number;
  readonly byzantineMessages: number;
  readonly byzantineBroadcasts: number;
}

/** What it takes to bear one fault, two, and so on. */
export function costTable(faultCountMax: number): readonly CostRow[] {
  const rows: CostRow[] = [];
  for (let faultCount = 1; faultCount <= faultCountMax; faultCount++) {
    const crashMembers = membersForCrashes(faultCount);
    const byzantineMembers = membersForByzantine(faultCount);
    rows.push({
      faultCount,
      crashMembers,
      crashMessages: raft(crashMembers),
      byzantineMembers,
      byzantineMessages: pointToPoint(byzantineMembers),
      byzantineBroadcasts: broadcast(byzantineMembers),
    });
  }
  return rows;
}
