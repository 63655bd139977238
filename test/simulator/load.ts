/** What people at the seats want: keys and values, a question now and then, and sometimes nonsense. */
import { KeyValueOperation } from "../../host/engine/keyvalue/operation.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { type Chance, draw, drawBelow, drawBytes } from "../../protocol/core/chance.ts";
import { millis } from "../../protocol/core/units.ts";
import { localNow } from "./clock.ts";
import { schedule } from "./heap.ts";
import { feed } from "./kiosk.ts";
import type { Kiosk, Sim } from "./sim.ts";

const KEYS_COUNT = 12;
const SEATS_COUNT = 4;

export function firstSubmit(sim: Sim): void {
  next(sim);
}

/** Nobody waits for anybody: people press when they want. */
export function onSubmitTime(sim: Sim): void {
  const { plan, chances } = sim;
  const times = 1 + drawBelow(chances.load, plan.burst);
  for (let i = 0; i < times && sim.submitted < plan.submits; i++) {
    if (sim.app !== undefined) sim.app.press(sim);
    else {
      const of = sim.kiosks[drawBelow(chances.load, sim.kiosks.length)];
      submit(sim, of, drawBelow(chances.load, SEATS_COUNT), operation(chances.load));
    }
    sim.submitted += 1;
  }
  if (sim.submitted < plan.submits) next(sim);
}

export function submit(sim: Sim, of: Kiosk, seat: number, bytes: Uint8Array): void {
  if (of.replica === undefined || of.pausedUntil > sim.now) return;
  const at = millis(Math.max(localNow(of, sim.now), of.replica.now));
  feed(sim, of, { type: "submit", at, seat, operation: bytes }, undefined);
}

function next(sim: Sim): void {
  const { plan, chances } = sim;
  sim.order += 1;
  const presses = (2 * plan.submits) / (1 + plan.burst);
  const at = sim.now + (plan.durationMs / presses) * 2 * draw(chances.load);
  schedule(sim.heap, { at, order: sim.order, kind: "submits", kiosk: 0, boot: 0, packet: undefined, what: undefined });
}

export function operation(from: Chance): Uint8Array {
  const fate = draw(from);
  const key = Uint8Array.of(drawBelow(from, KEYS_COUNT));
  if (fate < 0.7)
    return encode(KeyValueOperation, { type: "set", key, value: drawBytes(from, 1 + drawBelow(from, 8)) });
  if (fate < 0.8) return encode(KeyValueOperation, { type: "get", key });
  if (fate < 0.87) return encode(KeyValueOperation, { type: "delete", key });
  if (fate < 0.95) {
    const timeToLiveMs = millis(1 + drawBelow(from, 2000));
    return encode(KeyValueOperation, { type: "setForTime", key, timeToLiveMs, value: drawBytes(from, 3) });
  }
  return drawBytes(from, drawBelow(from, 12));
}
