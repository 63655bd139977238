/** The driver of one radio, as plain data. */
import { type Chance, chance, draw32 } from "../../protocol/core/chance.ts";
import { type Queue, queue } from "../../protocol/core/queue.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import type { DriverEffect } from "./driver-events.ts";
import type { News, Order, SessionEvent } from "./events.ts";
import { ORDERS_MAX } from "./limits.ts";
import { type Session, session } from "./session.ts";
import { type Wanted, wanted } from "./wanted.ts";
import type { WireMeasure, WireTest } from "./wire-test.ts";

export interface DriverConfig {
  /** For people. */
  readonly device: string;
  /** Rates at which boards open; the likeliest first. */
  readonly rates: readonly number[];
  readonly testsWire: boolean;
  readonly seed: number;
}

/** - idle. - opening: the port. - waiting: to open it again. - listening: for a hello. - testing: the wire. - leaving: another
 * rate was ordered and this end is about to follow. - switching: it has, and waits for the hello there. - up. - unfit: the
 * radio speaks another version. - ended. */
export type Stage =
  | "idle"
  | "opening"
  | "waiting"
  | "listening"
  | "testing"
  | "leaving"
  | "switching"
  | "up"
  | "unfit"
  | "ended";

export interface Driver {
  now: Millis;
  readonly config: DriverConfig;
  readonly chance: Chance;
  readonly session: Session;
  stage: Stage;
  /** Of the stage; the session and the test have their own. */
  deadline: Millis | undefined;
  /** Failures in a row. */
  attempt: number;
  /** Of the port that is open, for people. */
  device: string;
  isElsewhere: boolean;
  baudMax: number | undefined;
  baud: number;
  /** Which of the configured rates is listened at, until when, and whether there is another to try. */
  rate: number;
  huntBy: Millis | undefined;
  /** The link's counters when the port was opened, and when its rate was last set. */
  bytesAtOpen: number;
  framesAtOpen: number;
  damagedAtOpen: number;
  framesAtRate: number;

  /** Of the session that is open. */
  hello: Hello | undefined;
  /** The boot that the host was last told of. */
  toldBoot: number | undefined;
  /** The host believes the radio to be up. */
  told: boolean;
  upAt: Millis;
  /** News that came before the host was told that the radio is up. */
  readonly held: News[];
  readonly orders: Queue<Order>;
  readonly wanted: Wanted;

  test: WireTest | undefined;
  measure: WireMeasure | undefined;
  /** The rate that was ordered. */
  target: number | undefined;
  /** The host has chosen a rate itself. */
  pinned: number | undefined;
  /** Of the chip whose wire was tested, as text; and what is known of it. */
  chip: string;
  readonly bad: number[];
  readonly good: (number | undefined)[];
  tries: number;
  cutsLong: boolean;
}

export function driver(config: DriverConfig): Driver {
  const from = chance(config.seed);
  const made = session();
  // The link counts on from here by itself, so that no session of this process is like another's.
  made.link.session = draw32(from);
  return {
    now: millis(0),
    config,
    chance: from,
    session: made,
    stage: "idle",
    deadline: undefined,
    attempt: 0,
    device: config.device,
    isElsewhere: false,
    baudMax: undefined,
    baud: config.rates[0],
    rate: 0,
    huntBy: undefined,
    bytesAtOpen: 0,
    framesAtOpen: 0,
    damagedAtOpen: 0,
    framesAtRate: 0,
    hello: undefined,
    toldBoot: undefined,
    told: false,
    upAt: millis(0),
    held: [],
    orders: queue(ORDERS_MAX),
    wanted: wanted(),
    test: undefined,
    measure: undefined,
    target: undefined,
    pinned: undefined,
    chip: "",
    bad: [],
    good: [],
    tries: 0,
    cutsLong: false,
  };
}

/** One step's: what is asked of the world, and what the session is still to be told. */
export interface Work {
  readonly effects: DriverEffect[];
  readonly events: SessionEvent[];
}

/** A session never used before. */
export const plugged = (driver: Driver): SessionEvent => ({
  type: "plugged",
  at: driver.now,
  session: (driver.session.link.session + 1) >>> 0,
});

export const order = (driver: Driver, order: Order): SessionEvent => ({ type: "order", at: driver.now, order });
