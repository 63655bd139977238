/** Many packets from host to host over two virtual boards: cables that spoil a byte in 10^5, one of them pulled out for a
 * while, a brown-out of each board. The pair asserts what must hold at each step. */
import { boards } from "../../../hardware/boards/boards.ts";
import type { Sums } from "../../exchange/account.ts";
import { Pair } from "./pair.ts";

export interface Delivery extends Sums {
  readonly given: number;
  readonly virtualSeconds: number;
  readonly faultyBytes: number;
  readonly linksUp: number;
  readonly isDone: boolean;
}

const ERROR_RATE = 1e-5;
const UNPLUGGED_MS = 1500;

/** `count` in all, half of it each way. */
export function deliver(count: number, seed: number): Delivery {
  const pair = new Pair([boards.esp32, boards.nrf52], { seed, errorRate: ERROR_RATE });
  const { table } = pair;
  let isDone = pair.link();
  const parts = [
    () => table.happen({ type: "brownOut", board: 0 }),
    () => unplug(pair, 1),
    () => table.happen({ type: "brownOut", board: 1 }),
    () => unplug(pair, 0),
  ];
  const each = Math.floor(count / 2 / (parts.length + 1));
  for (const happen of parts) {
    // In the middle of traffic: some packets are under way.
    isDone &&= pair.exchange(each, 1e9);
    for (const host of [0, 1]) for (let i = 0; i < 4; i++) pair.give(host);
    table.run(150);
    happen();
  }
  isDone &&= pair.link();
  isDone &&= pair.exchange(count / 2 - parts.length * (each + 4), 1e9);
  const faultyBytes = table.world.boards
    .flatMap(({ down, up }) => [down.noise, up.noise])
    .reduce((sum, noise) => sum + (noise?.flipped ?? 0) + (noise?.lost ?? 0) + (noise?.inserted ?? 0), 0);
  return { ...pair.totals, virtualSeconds: table.now / 1000, faultyBytes, linksUp: pair.linksUp, isDone };
}

function unplug(pair: Pair, board: number): void {
  pair.table.happen({ type: "cable", board, plugged: false });
  pair.table.run(UNPLUGGED_MS);
  pair.table.happen({ type: "cable", board, plugged: true });
}
