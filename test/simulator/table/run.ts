/** One seed, from the first boot to the last equal state. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { draw } from "../../../protocol/core/chance.ts";
import { type Counts, noCounts } from "../kinds.ts";
import { Checker, type TableFailure } from "./checker.ts";
import { TABLE_ATTACKS, TABLE_FAULTS } from "./kinds.ts";
import { NO_PLACE_YET } from "./kiosk.ts";
import { Measures, type TableMeasures } from "./measures.ts";
import { Mishaps } from "./mishaps.ts";
import { STREAMS, type TablePlan, type TableWish, tablePlan } from "./plan.ts";
import { Players } from "./players.ts";
import { Liars } from "./seat-liars.ts";
import { streamOf, Table } from "./table.ts";

export interface TableOutcome {
  readonly seed: number;
  readonly plan: TablePlan;
  readonly violation: TableFailure | undefined;
  readonly decided: number;
  readonly viewChanges: number;
  readonly stableCheckpoints: number;
  readonly transfers: number;
  readonly epochs: number;
  readonly rolls: number;
  readonly voids: number;
  readonly faults: Counts;
  readonly attackers: Counts;
  readonly events: number;
  /** Time to heal as a share of the time that it may take. */
  readonly healRatio: number;
  readonly virtualMs: number;
  readonly measures: TableMeasures;
  readonly digest: string;
}

/** After everything is mended all have one state within this, and the table goes on. */
export const HEAL_MAX_MS = 300_000;
/** Within this everybody is switched on. */
const MORNING_MS = 4_000;
/** Between two looks at what is broken or healed. */
const LOOK_MS = 500;
/** After it has healed, always, and until as many rolls have fallen as there should be. */
const AFTER_MS = 20_000;
const GOES_ON_MS = 600_000;
const ROLLS_MIN = 20;

export async function runTable(seed: number, wish: TableWish = {}): Promise<TableOutcome> {
  const plan = tablePlan(seed, wish);
  const { boards, consensus, isReal, syncMs, bursts, errorRate } = plan;
  const table = new Table({
    ...{ seed, boards, consensus, isReal, syncMs: (kiosk) => syncMs[kiosk], errorRate },
    ...(bursts === undefined ? {} : { bursts }),
    twins: plan.liars.flatMap(({ kiosk, kind }) => (kind === "twins" ? [kiosk] : [])),
    newcomer: plan.mishaps.find(({ kind }) => kind === "joining")?.kiosk,
  });
  const counts = noCounts(TABLE_FAULTS);
  if (bursts !== undefined) counts["burstyAir"] = 1;
  if (errorRate > 0) counts["wireNoise"] = 1;
  const isLiar = (kiosk: number): boolean => kiosk >= plan.n || plan.liars.some((liar) => liar.kiosk === kiosk);
  const checker = new Checker(table, isLiar);
  const measures = new Measures(table);
  const players = new Players(table, plan.askEveryMs);
  const attacks = noCounts(TABLE_ATTACKS);
  const liars = new Liars(table, plan.liars, streamOf(seed, STREAMS.attack), attacks);
  const mishaps = new Mishaps(table, streamOf(seed, STREAMS.happen), counts);
  mishaps.onForgot = (kiosk) => checker.forgot(table.kiosks[kiosk]);
  table.slowMs = (kiosk) => mishaps.slowMs[kiosk];
  table.onEffect = (of, effect) => {
    players.sees(of, effect);
    liars.sees(of, effect);
    checker.sees(of, effect);
  };
  table.onRoll = (of, roll) => checker.sawRoll(of, roll);
  table.onStarted = (of, running) => {
    if (of.lives > 1) players.returned(of);
    checker.started(of, running);
    // How long somebody who has lost its seat stays behind is nobody's figure.
    if (!isLiar(of.at)) measures.started(of, checker.told);
  };
  table.onEnded = ({ at }, why) => {
    if (!EXPECTED_ENDS.some((each) => why.includes(each)))
      checker.broken("a process ends only as it must", `${at}: ${why}`);
    mishaps.fell(at);
  };
  const morning = streamOf(seed, STREAMS.morning);
  for (const { at } of table.kiosks) table.clock.after(MORNING_MS * draw(morning), () => table.start(at));
  for (const mishap of plan.mishaps) table.clock.after(mishap.at, () => mishaps.begin(mishap));

  const isBroken = (): boolean => {
    measures.look();
    return checker.failure !== undefined;
  };
  await runLooking(table, plan.playMs, isBroken);
  const mendedAt = table.clock.now;
  mishaps.mend();
  const goal = checker.told;
  const healed = (): boolean => isBroken() || isOne(table, isLiar, goal);
  await runLooking(table, HEAL_MAX_MS, healed);
  const healMs = table.clock.now - mendedAt;
  if (!isBroken() && !isOne(table, isLiar, goal)) checker.broken("the table heals", whereAll(table));
  measures.healed(healMs);
  // And it goes on, until it has thrown what a whole evening does.
  const wanted = Math.max(checker.rolls + 1, wish.playMs === undefined ? ROLLS_MIN : 0);
  await measures.calm();
  await runLooking(table, AFTER_MS, isBroken);
  await measures.ended(players.latencies);
  await runLooking(table, GOES_ON_MS, () => isBroken() || checker.rolls >= wanted);
  if (checker.rolls < wanted) checker.broken("dice go on", whereAll(table));
  const { clock } = table;
  table.end();
  await table.run(0);
  return {
    ...{
      seed,
      plan,
      violation: checker.failure,
      decided: checker.entries.length,
      viewChanges: checker.viewsEntered.size,
    },
    ...{ stableCheckpoints: checker.stable.size, transfers: checker.transfers, epochs: checker.epochs },
    ...{ rolls: checker.rolls, voids: checker.voids, faults: counts, attackers: attacks, events: clock.rung },
    ...{ healRatio: healMs / HEAL_MAX_MS, virtualMs: clock.now, measures: measures.all() },
    digest: Buffer.from(table.digest).toString("hex"),
  };
}

/** What ends a process that nobody has killed: the card. */
const EXPECTED_ENDS: readonly string[] = [
  NO_PLACE_YET,
  "killed",
  "EIO",
  // It could not even begin: its journal cannot be read.
  "disk",
  "the journal has failed",
  "as the seed wants it",
];

async function runLooking(table: Table, ms: number, done: () => boolean): Promise<void> {
  const until = table.clock.now + ms;
  while (table.clock.now < until && !done()) await table.run(Math.min(LOOK_MS, until - table.clock.now));
}

/** Every honest kiosk is up and knows the same, and nothing that anybody was told is missing. One whose card was old may be silent for
 * longer: it waits for checkpoints that only play brings. */
function isOne(table: Table, isLiar: (kiosk: number) => boolean, goal: number): boolean {
  const replicas = table.kiosks.filter(({ at }) => !isLiar(at)).map(({ process }) => process?.running?.node.replica);
  const [first] = replicas;
  if (first === undefined || first.executed < goal) return false;
  return replicas.every(
    (each) =>
      each !== undefined &&
      each.probing === undefined &&
      each.phase === "normal" &&
      each.state.sequence === first.state.sequence &&
      bytesEqual(each.state.history, first.state.history),
  );
}

function whereAll(table: Table): string {
  return table.kiosks
    .map(({ at, process }) => {
      const running = process?.running;
      if (running === undefined) return `${at} is ${process === undefined ? "down" : "starting"}`;
      const { replica, refused } = running.node;
      const links = running.radios.reports().map(({ linkCount, isUp, role }) => `${role[0]}${isUp ? linkCount : "-"}`);
      const { dice } = replica.state.machine;
      const mood = [
        replica.phase,
        replica.probing === undefined ? "" : "probing",
        replica.mutedUntil === undefined ? "" : `muted until ${replica.mutedUntil}`,
        dice.roll === undefined ? "" : `roll ${dice.roll.lock.roll} ${dice.roll.phase}`,
      ];
      return `${at}: ${replica.epoch}/${replica.view} ${mood.filter((word) => word !== "").join(" ")}, executed ${replica.executed} of ${replica.decided}/${replica.known}, links ${links.join("")}, refused ${JSON.stringify(refused)}`;
    })
    .join("; ");
}
