/** A kiosk at a simulated table: the whole of the real one, on this table's clock, a card in memory and virtual boards. What ends a
 * process is that nothing reaches it any more and nothing that it does counts. */
import { sha256 } from "../../../host/crypto/sha256.ts";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import type { Options } from "../../../host/engine/consensus/options.ts";
import type { Role } from "../../../host/mesh/topology/radios.ts";
import type { NodeClock } from "../../../host/node/clock.ts";
import type { CrapsRules } from "../../../host/node/craps-table.ts";
import { type Belief, beliefOf } from "../../../host/node/joining-founding.ts";
import type { SeenRoll } from "../../../host/node/roll-watch.ts";
import { type KioskOptions, type RunningKiosk, startKiosk } from "../../../host/node/start-kiosk.ts";
import { startVisit } from "../../../host/node/start-visit.ts";
import type { OpenPort } from "../../../host/radio/port.ts";
import { type Chance, drawBytes } from "../../../protocol/core/chance.ts";
import { SEATS_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../../protocol/core/version.ts";
import type { JoinRequest } from "../../../protocol/message/join.ts";
import type { TableClock } from "./clock.ts";
import type { TableDisk } from "./disk.ts";
import type { Person } from "./people.ts";

/** As every kiosk is that means well. */
export const HONEST: KioskPlace["launch"] = startKiosk;

/** What ends a process of a kiosk that comes later, before it has a place. */
export const NO_PLACE_YET = "no place yet";

const VERSION = Object.freeze({ major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR, features: 0 });
/** A seat where one is left by those who founded it; a table has more members than players. */
const wanted = (founders: number): JoinRequest => ({
  ...{ version: VERSION, software: "hardway", name: "late", role: "member", proof: new Uint8Array(0) },
  seats: founders < SEATS_MAX ? 1 : 0,
});
/** Whoever asks is who it says. */
const LOBBY: NonNullable<KioskOptions["lobby"]> = {
  ...{ name: "table", needed: VERSION },
  identify: (_applicant, _proof, answer) => answer(undefined),
};

/** The beginning of time at this table. */
export const WALL_MS = 1_790_000_000_000;

/** What is looked at of a kiosk that runs, honest or not. */
export type Running = Pick<RunningKiosk, "node" | "radios" | "secured">;

export type Launched = { readonly ok: true; readonly kiosk: Running } | { readonly ok: false; readonly why: string };

export interface KioskPlace {
  readonly at: number;
  readonly person: Person;
  readonly rules: CrapsRules;
  readonly boards: readonly { readonly name: string; readonly role: Role; readonly baud: number }[];
  /** Or it comes later, and knows what members have told it since. */
  readonly isFounder: boolean;
  belief: Belief | undefined;
  /** Places of kiosks that it opens links to. */
  readonly opens: readonly number[];
  readonly chance: Chance;
  /** An honest one, where nothing else is said. */
  launch: (options: KioskOptions) => Promise<Launched>;
  disk: TableDisk;
  /** Versions of the rules that its software knows. */
  rulesKnown: readonly number[];
  /** What its wall clock shows beyond the truth. */
  offsetMs: number;
  process: Process | undefined;
  lives: number;
}

export interface Process {
  readonly life: number;
  readonly startedAt: number;
  /** Undefined until its journal is read. */
  running: Running | undefined;
  isDead: boolean;
  readonly closePorts: (() => void)[];
}

export interface Setting {
  readonly clock: TableClock;
  readonly ports: OpenPort;
  readonly table: Uint8Array;
  /** Of all, by place. */
  readonly keys: readonly Uint8Array[];
  readonly founders: readonly Uint8Array[];
  readonly secret: Uint8Array;
  readonly consensus: Options;
  readonly onEffect: (of: KioskPlace, effect: Effect) => void;
  readonly onRoll: (of: KioskPlace, roll: SeenRoll) => void;
  readonly onStarted: (of: KioskPlace, running: Running) => void;
  /** Its process has ended by itself, or could not begin. */
  readonly onEnded: (of: KioskPlace, why: string) => void;
}

export function start(of: KioskPlace, setting: Setting): void {
  const { clock } = setting;
  of.lives += 1;
  const process: Process = {
    ...{ life: of.lives, startedAt: clock.now, running: undefined, isDead: false, closePorts: [] },
  };
  of.process = process;
  const own = clockOf(of, process, clock);
  const { key, ports, dice } = of.person;
  const options: KioskOptions = {
    ...{ key, ports, rules: of.rules, dice, hash: sha256, table: setting.table, members: setting.founders },
    ...(setting.founders.length === setting.keys.length ? {} : { guests: setting.keys, lobby: LOBBY }),
    ...{ secret: setting.secret, consensus: { ...setting.consensus, rules: of.rulesKnown }, disk: of.disk, clock: own },
    draw: () => drawBytes(of.chance, 32),
    radios: of.boards.map(({ name, role }) => ({ device: { type: "virtual", name }, role })),
    planned: of.opens.map((other) => setting.keys[other]),
    driver: {
      // What it does about bytes keeps no promise but by waking the loop, whose alarm is called off then.
      clock: { now: own.now, after: (ms, run) => clock.after(ms, () => process.isDead || run()) },
      ports: portsOf(process, setting),
      board: { baud: of.boards[0].baud, line: { dtr: "unconnected", rts: "unconnected" } },
      testsWire: false,
    },
    on: (effect) => process.isDead || setting.onEffect(of, effect),
    onRoll: (roll) => process.isDead || setting.onRoll(of, roll),
  };
  (of.isFounder ? of.launch(options) : joined(of, options)).then(
    (started) => {
      if (process.isDead) return;
      if (!started.ok) {
        ended(of, process, setting, started.why);
        return;
      }
      process.running = started.kiosk;
      started.kiosk.node.ended.then(
        () => {},
        (error: Error) => ended(of, process, setting, error.message),
      );
      setting.onStarted(of, started.kiosk);
    },
    (error: Error) => ended(of, process, setting, `at its start: ${error.message}`),
  );
  clock.stir();
}

/** What it was told is on its card. Where it has no place yet it asks for one, and where it gets none its process ends. */
async function joined(of: KioskPlace, options: KioskOptions): Promise<Launched> {
  if (of.belief === undefined) {
    const { key, ports, table, secret, consensus, clock, hash, draw, radios, driver, members: anchors } = options;
    const visit = startVisit({
      ...{ key, ports, table, secret, consensus, clock, hash, draw, radios, driver, anchors, version: VERSION },
    });
    const answer = await visit.ask(wanted(anchors.length));
    visit.close();
    if (answer.type !== "joined") return { ok: false, why: `${NO_PLACE_YET}: ${answer.why}` };
    of.belief = beliefOf(answer);
  }
  return of.launch({ ...options, ...(of.belief === undefined ? {} : { belief: of.belief }) });
}

function ended(of: KioskPlace, process: Process, setting: Setting, why: string): void {
  if (process.isDead) return;
  kill(of);
  setting.onEnded(of, why);
}

/** At once: what was not written by then never is. */
export function kill(of: KioskPlace): void {
  const { process } = of;
  if (process === undefined) return;
  process.isDead = true;
  of.process = undefined;
  of.disk = of.disk.killed();
  for (const close of process.closePorts.splice(0)) close();
}

function clockOf(of: KioskPlace, process: Process, clock: TableClock): NodeClock {
  return {
    now: () => millis(clock.now - process.startedAt),
    wallMs: () => Math.max(0, Math.floor(WALL_MS + clock.now + of.offsetMs)),
    after: (ms, run) => clock.afterStirred(ms, () => process.isDead || run()),
  };
}

/** A dead process holds no port open, and hears nothing of one. */
function portsOf(process: Process, { clock, ports }: Setting): OpenPort {
  return async (device, options, listener) => {
    const opened = await ports(device, options, {
      onBytes: (bytes) => process.isDead || listener.onBytes(bytes),
      onRoom: (room) => process.isDead || listener.onRoom(room),
      onClosed: (why) => process.isDead || listener.onClosed(why),
    });
    clock.stir();
    if (!opened.ok) return opened;
    if (process.isDead) opened.port.close();
    else process.closePorts.push(() => opened.port.close());
    const { port } = opened;
    return { ok: true, port: { ...port, write: (bytes) => process.isDead || port.write(bytes) } };
  };
}
