/** Where radios stand: on ports of this machine in real time, or in a world of virtual boards that runs as fast as it can.
 * Virtual radios of a map that has real ones too keep the real clock. */

import { openPorts } from "../../host/radio/open-port.ts";
import type { OpenPort } from "../../host/radio/port.ts";
import { type VirtualPorts, virtualPorts } from "../../host/radio/virtual-port.ts";
import { assert } from "../../protocol/core/assert.ts";
import type { Board } from "../boards/board.ts";
import type { Position, Wall } from "../virtual/air/path-loss.ts";
import { type Clock, realClock } from "../virtual/fronts/clock.ts";
import type { WorldConfig } from "../virtual/world.ts";
import type { BenchPlace } from "./bench-radio.ts";
import { driverRadio } from "./driver-radio.ts";
import type { HardwareMap, MapRadio } from "./hardware-map.ts";
import { virtualClock } from "./virtual-clock.ts";

export interface PlaceOptions {
  /** Of the virtual world; real radios have none. */
  readonly seed?: number;
  /** Bytes that a virtual cable spoils, bursts of loss in a virtual air. */
  readonly world?: Partial<Pick<WorldConfig, "errorRate" | "bursts" | "room">>;
  /** Another board than its facts say, behind the same name. */
  readonly boardOf?: (radio: MapRadio) => Board;
}

export function placeOf(map: HardwareMap, options: PlaceOptions = {}): BenchPlace {
  const isVirtual = map.radios.every((radio) => radio.place.type === "virtual");
  return isVirtual ? virtualPlace(map, options) : realPlace(map, options);
}

function virtualPlace(map: HardwareMap, options: PlaceOptions): BenchPlace {
  const clock = virtualClock();
  const world = worldOf(map, options, clock);
  let opened = 0;
  return {
    isVirtual: true,
    now: clock.now,
    wait: clock.run,
    open(radio, testsWire) {
      const seed = (options.seed ?? 1) * 1000 + ++opened;
      return driverRadio(radio, testsWire, { clock, ports: world.ports.open, seed, told() {} });
    },
    ...world.hands,
    close: world.ports.stop,
  };
}

function realPlace(map: HardwareMap, options: PlaceOptions): BenchPlace {
  const clock = realClock;
  const world = map.radios.some(isVirtual) ? worldOf(map, options, clock) : undefined;
  const real = openPorts(clock);
  const ports: OpenPort = (device, ...rest) =>
    device.type === "virtual" && world !== undefined ? world.ports.open(device, ...rest) : real(device, ...rest);
  const waiting = new Set<() => void>();
  const told = (): void => {
    for (const look of [...waiting]) look();
  };
  const refuse = (): void => assert(false, "only virtual radios are handled by the place itself");
  return {
    isVirtual: false,
    now: clock.now,
    wait: (ms, done, signal) =>
      new Promise((resolve) => {
        const finish = (answer: boolean): void => {
          waiting.delete(look);
          signal?.removeEventListener("abort", onAbort);
          cancel();
          resolve(answer);
        };
        const look = (): void => {
          if (done()) finish(true);
        };
        const onAbort = (): void => finish(done());
        const cancel = clock.after(ms, () => finish(done()));
        waiting.add(look);
        signal?.addEventListener("abort", onAbort);
        if (signal?.aborted === true) finish(done());
        else look();
      }),
    open: (radio, testsWire) => driverRadio(radio, testsWire, { clock, ports, told }),
    attenuate: world?.hands.attenuate ?? refuse,
    power: world?.hands.power ?? refuse,
    close: () => world?.ports.stop(),
  };
}

interface Workshop {
  readonly ports: VirtualPorts;
  readonly hands: Pick<BenchPlace, "attenuate" | "power">;
}

function worldOf(map: HardwareMap, options: PlaceOptions, clock: Clock): Workshop {
  const radios = map.radios.filter(isVirtual);
  const { seed = 1, boardOf = (radio: MapRadio) => radio.facts } = options;
  const positions = radios.map((radio, index) => radio.position ?? onCircle(index, radios.length));
  const config: WorldConfig = {
    seed,
    errorRate: 0,
    ...options.world,
    boards: radios.map((radio, index) => ({
      board: boardOf(radio),
      position: positions[index],
      hostBaud: radio.facts.baud,
    })),
  };
  const names = radios.map(({ place }) => (place.type === "virtual" ? place.name : ""));
  const ports = virtualPorts(config, names, clock);
  const lossDb = radios.map(() => 0);
  const own = options.world?.room?.walls ?? [];
  const indexOf = (radio: MapRadio): number => radios.findIndex(({ name }) => name === radio.name);
  return {
    ports,
    hands: {
      attenuate(radio, db) {
        lossDb[indexOf(radio)] = db;
        const boxes = positions.flatMap((position, index) => box(position, lossDb[index]));
        ports.happen({ type: "walls", walls: [...own, ...boxes] });
      },
      power: (radio, on) => ports.happen({ type: "power", board: indexOf(radio), on }),
    },
  };
}

const isVirtual = (radio: MapRadio): boolean => radio.place.type === "virtual";

/** Neighbours are one metre apart, and nobody stands between two others. */
function onCircle(index: number, count: number): Position {
  if (count === 1) return { x: 0, y: 0 };
  const radius = 0.5 / Math.sin(Math.PI / count);
  const angle = (2 * Math.PI * index) / count;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}

/** Three walls round a radio: whatever it says passes one of them. It is turned so that no way goes through a corner. */
function box(around: Position, lossDb: number): Wall[] {
  if (lossDb === 0) return [];
  const corners = [0, 1, 2].map((corner): Position => {
    const angle = BOX_TURN + (2 * Math.PI * corner) / 3;
    return { x: around.x + BOX_SIZE * Math.cos(angle), y: around.y + BOX_SIZE * Math.sin(angle) };
  });
  return corners.map((from, at) => ({ from, to: corners[(at + 1) % 3], lossDb }));
}

/** Metres, and an angle that no two radios of a circle have between them. */
const BOX_SIZE = 0.01;
const BOX_TURN = 0.1234567;
