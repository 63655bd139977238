/** Loads the links of a point, and counts what becomes of the load between two moments. */
import { COUNTER_NAMES } from "../../protocol/radio/counter-names.ts";
import { ARRIVE_WITHIN_MS, COUNTERS_WITHIN_MS, DRAIN_WITHIN_MS, PUMP_EVERY_MS } from "./limits.ts";
import { CLASSES } from "./plan.ts";
import {
  type Attempt,
  type Fault,
  fault,
  interrupted,
  isInterrupted,
  NAMES,
  type Phase,
  type Run,
  radioOf,
  tellAll,
  within,
} from "./run.ts";
import { brokenPromises, type Counted, samplesOf } from "./samples.ts";
import { flowsOf, isTied } from "./ties.ts";
import { isKept, isSettled, pump, type Traffic, traffic } from "./traffic.ts";

export async function measure(run: Run): Promise<Attempt> {
  const { plan, point, ports, ties } = run;
  const { now, wait } = ports.place;
  const load = traffic(flowsOf(ties), point.payload, plan.window, plan.packetsPerSecond, now());
  ties.lost.length = 0;
  run.load = load;
  run.pumping = true;
  const early = await drive(run, load, plan.settleMs, "settle");
  if (early !== undefined) return early;
  if (!ties.ties.every(isTied)) {
    const kind = point.attenuationDb > 0 ? "unreachable" : "failed";
    return fault("settle", ties.lost.join(", "), "Bring the two nearer, or see what each hears.", kind);
  }
  for (const counted of run.counted.values()) counted.length = 0;
  tellAll(run, { type: "counters" });
  const from = now();
  const broken = await drive(run, load, plan.measureMs, "measure");
  if (broken !== undefined) return broken;
  const to = now();
  run.pumping = false;
  await within(run, DRAIN_WITHIN_MS, () => isSettled(load) || run.gone !== undefined);
  await within(run, ARRIVE_WITHIN_MS, () => isKept(load) || run.gone !== undefined);
  if (isInterrupted(run)) return interrupted("measure");
  if (run.gone !== undefined) return fault("measure", run.gone, LOOK_AT_RADIO);
  const promises = brokenPromises(load);
  if (promises.length > 0) {
    const next = "Record a trace of this point: a radio or its driver has a fault.";
    return fault("measure", promises.join(", "), next, "broken");
  }
  const told = (count: number) => [...run.counted.values()].every(({ length }) => length >= count);
  tellAll(run, { type: "counters" });
  await wait(COUNTERS_WITHIN_MS, () => told(2), ports.signal);
  return { ok: true, samples: samplesOf(load, from, to, ties.lost.length, told(2) ? countedOf(run) : undefined) };
}

/** Keeps the load up for so long. */
async function drive(run: Run, load: Traffic, ms: number, phase: Phase): Promise<Fault | undefined> {
  const { place, signal } = run.ports;
  const until = place.now() + ms;
  for (let left = ms; left > 0; left = until - place.now()) {
    give(run, load);
    await place.wait(Math.min(PUMP_EVERY_MS, left), () => run.gone !== undefined, signal);
    if (signal.aborted) return interrupted(phase);
    if (run.gone !== undefined) return fault(phase, run.gone, LOOK_AT_RADIO);
  }
  return undefined;
}

export function give(run: Run, load: Traffic): void {
  for (const { flow, id, packet } of pump(load, run.ports.place.now())) {
    radioOf(run, flow.from).send(run.number * NAMES + id, flow.link, CLASSES[run.plan.class], packet);
  }
}

function countedOf(run: Run): Counted {
  const difference = (name: string): number => {
    const at = COUNTER_NAMES.indexOf(name);
    return [...run.counted.values()].reduce((sum, told) => sum + ((told.at(-1)?.[at] ?? 0) - (told[0]?.[at] ?? 0)), 0);
  };
  return {
    airRepeats: difference("air.repeated"),
    wireRepeats: difference("serial.resent"),
    wireDamaged: difference("serial.damaged"),
  };
}

const LOOK_AT_RADIO = "Look at its supply and its cable; hardway doctor DEVICE says more.";
