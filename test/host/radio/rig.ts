/** Hosts with a driver each on virtual boards, in time that passes at once; and cables that are bad in their own ways. */
import type { Board } from "../../../hardware/boards/board.ts";
import type { BoardConfig, WorldConfig } from "../../../hardware/virtual/world.ts";
import type { OpenPort } from "../../../host/radio/port.ts";
import type { DriverOptions, RunningDriver, Told } from "../../../host/radio/run-driver.ts";
import { runDriver } from "../../../host/radio/run-driver.ts";
import { type VirtualPorts, virtualPorts } from "../../../host/radio/virtual-port.ts";
import { WarpClock } from "./warp-clock.ts";

export interface Heard {
  readonly at: number;
  readonly said: Told;
}

export class Rig {
  readonly clock = new WarpClock();
  readonly virtual: VirtualPorts;
  readonly drivers: RunningDriver[] = [];
  readonly heard: Heard[][] = [];

  /** Ports have rates unless a board says otherwise. */
  constructor(boards: readonly (Board | Partial<BoardConfig>)[], over: Partial<WorldConfig> = {}) {
    const placed = boards.map((each, x): BoardConfig => {
      const config = "pins" in each ? { board: each } : each;
      return { hostBaud: 115_200, position: { x, y: 0 }, ...config } as BoardConfig;
    });
    const names = boards.map((_, at) => `b${at}`);
    this.virtual = virtualPorts({ seed: 1, errorRate: 0, boards: placed, ...over }, names, this.clock);
  }

  drive(board: number, over: Partial<DriverOptions> = {}): RunningDriver {
    const heard: Heard[] = [];
    const running = runDriver({
      device: { type: "virtual", name: `b${board}` },
      ports: this.virtual.open,
      clock: this.clock,
      seed: 7 + board,
      on: (said) => heard.push({ at: this.clock.now(), said }),
      ...over,
    });
    this.drivers.push(running);
    this.heard.push(heard);
    return running;
  }

  of<T extends Told["type"]>(driver: number, type: T): (Told & { type: T })[] {
    return this.heard[driver].flatMap(({ said }) => (said.type === type ? [said as Told & { type: T }] : []));
  }

  words(driver: number): string[] {
    return this.of(driver, "state").map(({ state }) => state.words);
  }

  run(ms: number, done?: () => boolean): Promise<boolean> {
    return this.clock.run(ms, done);
  }

  /** So many times up, in all. */
  ups(driver: number, times: number, ms = 30_000): Promise<boolean> {
    return this.run(ms, () => this.of(driver, "up").length >= times);
  }

  stop(): void {
    for (const running of this.drivers) running.close();
    this.virtual.stop();
  }
}

/** A cable that changes what is written and what is heard, by the rate of the port. */
export const through =
  (
    ports: OpenPort,
    change: (bytes: Uint8Array, baud: number) => Uint8Array,
    ways: "down" | "both" = "both",
  ): OpenPort =>
  async (device, options, listener) => {
    let baud = options.baud;
    const result = await ports(device, options, {
      ...listener,
      onBytes: (bytes) => listener.onBytes(ways === "both" ? change(bytes, baud) : bytes),
    });
    if (!result.ok) return result;
    const { port } = result;
    return {
      ok: true,
      port: {
        ...port,
        write: (bytes) => port.write(change(bytes, baud)),
        setBaud(next) {
          baud = next;
          port.setBaud(next);
        },
      },
    };
  };
