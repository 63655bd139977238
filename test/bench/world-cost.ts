/** What a table costs while nothing happens and while it plays: bytes on links, charge on boards, time on this machine. */
import type { Board } from "../../hardware/boards/board.ts";
import { boards } from "../../hardware/boards/boards.ts";
import { type Duties, describeBattery, meanMilliamps } from "../../hardware/virtual/air/energy.ts";
import { counted } from "../simulator/table/counted.ts";
import { Players } from "../simulator/table/players.ts";
import type { Table } from "../simulator/table/table.ts";
import type { Row } from "./bench.ts";
import { KIOSKS, linkedTable } from "./world-table.ts";

const IDLE_MS = 60_000;
const IDLE_TARGET = 500;
const PLAY_MS = 60_000;
/** Of the first the engine makes machine code; what else the machine does can only slow one down. */
const SPEED_SEGMENTS = 6;
const SPEED_TARGET = 100;
/** At which each player looks whether it wants anything: a roll and some ten bets in ten seconds. */
const PACE_MS = 2_450;
const BATTERY = { milliampHours: 1000, usable: 0.8 };
const INTERVAL_MS = 20;

export async function costRows(): Promise<Row[]> {
  return [await idle(), ...(await energy()), ...(await speed())];
}

/** In both directions, as the boards count what their hosts give them: a bound, for what the serial line itself takes is in it. */
async function idle(): Promise<Row> {
  const table = await linkedTable({ shape: "ring" });
  const before = await counted(table);
  await table.run(IDLE_MS);
  const after = await counted(table);
  table.end();
  const value = (1000 * (after.bytes - before.bytes)) / (after.at - before.at) / KIOSKS;
  return { metric: "idle-link", value, unit: "B/s a link", baseline: IDLE_TARGET, ratio: value / IDLE_TARGET };
}

/** Of a board of each kind in a ring that plays; what its host takes is not in it. */
async function energy(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, board] of Object.entries(boards) as [string, Board][]) {
    const table = await linkedTable({ shape: "ring", board, intervalMs: INTERVAL_MS });
    play(table);
    await table.run(PLAY_MS / 2);
    const before = await counted(table);
    await table.run(PLAY_MS);
    const after = await counted(table);
    table.end();
    const perSecond = (1000 * (after.values - before.values)) / (after.at - before.at) / (2 * KIOSKS);
    const duties: Duties = {
      ...{ links: 1, intervalMs: INTERVAL_MS, scan: 0, packetsPerSecond: perSecond },
      cpu: Math.min(1, (perSecond * board.packetMs) / 1000),
    };
    const value = meanMilliamps(board.power, duties);
    process.stderr.write(`${describeBattery(board.title, board.power, duties, BATTERY)}\n`);
    rows.push({ metric: `energy-${name}`, value, unit: "mAh a board and hour" });
    rows.push({ metric: `energy-${name}-packets`, value: perSecond, unit: "packets/s a board" });
  }
  return rows;
}

async function speed(): Promise<Row[]> {
  const table = await linkedTable({ shape: "ring" });
  const players = play(table);
  let best = 0;
  let [rolls, bets] = [0, 0];
  for (let segment = 0; segment < SPEED_SEGMENTS; segment++) {
    const began = process.cpuUsage().user;
    const [rollsBefore, betsBefore] = [table.stateOf(0)?.dice.lastRoll ?? 0, players.latencies.length];
    await table.run(PLAY_MS);
    rolls += (table.stateOf(0)?.dice.lastRoll ?? 0) - rollsBefore;
    bets += players.latencies.length - betsBefore;
    best = Math.max(best, (PLAY_MS * 1000) / (process.cpuUsage().user - began));
  }
  table.end();
  const tens = (SPEED_SEGMENTS * PLAY_MS) / 10_000;
  return [
    {
      ...{ metric: "table-speed", value: Math.round(best), unit: "× real time" },
      ...{ baseline: SPEED_TARGET, ratio: best / SPEED_TARGET },
    },
    { metric: "table-rolls", value: rolls / tens, unit: "in 10 virtual s" },
    { metric: "table-wishes", value: (bets - rolls) / tens, unit: "in 10 virtual s" },
  ];
}

export function play(table: Table): Players {
  const players = new Players(table, PACE_MS);
  table.onEffect = (of, effect) => players.sees(of, effect);
  return players;
}
