/** A radio's day in short: prints each power state when it is entered, and a digest of the machine after every event. */
import { millis } from "../../../protocol/core/units.ts";
import { nextDeadline, type PowerEffect, type PowerEvent, power, step } from "../../../protocol/power/power.ts";
import { onPacket, onRssi, quality } from "../../../protocol/power/quality.ts";
import { tellMemory } from "./tell-memory.ts";
import { digestOf, note, trace } from "./trace.ts";

type Untimed = PowerEvent extends infer E ? (E extends PowerEvent ? Omit<E, "at"> : never) : never;

/** Seconds, and what happens then. */
const DAY: readonly (readonly [number, Untimed])[] = [
  [5, { type: "operation", class: 2 }],
  [60, { type: "operation", class: 0 }],
  [80, { type: "battery", percent: 14 }],
  [100, { type: "battery", percent: 17 }],
  [110, { type: "battery", percent: 20 }],
  [115, { type: "operation", class: 1 }],
  [120, { type: "quality", reliability: 0.85 }],
  [200, { type: "quality", reliability: 0.92 }],
  [260, { type: "quality", reliability: 0.96 }],
  [300, { type: "operation", class: 3 }],
  [600, { type: "operation", class: 0 }],
  [605, { type: "force", state: "sleep" }],
  [606, { type: "operation", class: 0 }],
  [700, { type: "unforce" }],
  [800, { type: "tick" }],
];

tellMemory();
const seen = trace();
const machine = power(millis(0));

function feed(event: Untimed, at: number): void {
  const effects: PowerEffect[] = [];
  step(machine, { ...event, at: millis(at) } as PowerEvent, effects);
  for (const effect of effects) host.print(`${at / 1000} s ${effect.state}`);
  note(seen, machine);
}

for (const [second, event] of DAY) {
  for (let at = nextDeadline(machine); at < second * 1000; at = nextDeadline(machine)) feed({ type: "tick" }, at);
  feed(event, second * 1000);
}

// Averages are fractions: two engines must round them alike.
const averages = quality();
for (let i = 0; i < 100; i++) {
  onPacket(averages, i % 7 !== 0);
  onRssi(averages, -50 - (i % 30));
}
note(seen, averages);
host.print(`reliability ${averages.reliability}, signal ${averages.rssiDbm}`);
host.print(`digest ${digestOf(seen)}`);
