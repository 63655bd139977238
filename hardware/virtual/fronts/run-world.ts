/** A world on a real clock: what is due happens when it is, and what comes from outside happens now. */
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { WorldEffect, WorldEvent } from "../events.ts";
import { nextDeadline, step, type World } from "../world.ts";
import type { Clock } from "./clock.ts";

/** A machine that slept or is too slow has that much made good; of the rest the world knows nothing. */
const LAG_MAX_MS = 250;

/** Two sums of fractions that mean one moment differ by less; whoever waits for the rest of it may wait for ever. */
const ROUNDING_MS = 0.000_1;

export type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

export interface RunningWorld {
  readonly tell: (event: Untimed<WorldEvent>) => void;
  /** As the world counts: from its beginning, less what it left out. */
  readonly now: () => Millis;
  readonly stop: () => void;
}

/** `onTurn`: after the effects of each turn. */
export function runWorld(
  world: World,
  clock: Clock,
  onEffect: (effect: WorldEffect) => void,
  onTurn: () => void = () => {},
): RunningWorld {
  let beganAt = clock.now() - world.now;
  let callOff: () => void = () => {};
  let stopped = false;
  let turning = false;
  const waiting: Untimed<WorldEvent>[] = [];

  const now = (): Millis => {
    let at = clock.now() - beganAt;
    const late = at - nextDeadline(world);
    if (late > LAG_MAX_MS) {
      beganAt += late - LAG_MAX_MS;
      at -= late - LAG_MAX_MS;
    } else if (late < 0 && late > -ROUNDING_MS) {
      at = nextDeadline(world);
    }
    return millis(Math.max(world.now, at));
  };

  const turn = (event: Untimed<WorldEvent>): void => {
    const effects: WorldEffect[] = [];
    step(world, { ...event, at: now() } as WorldEvent, effects);
    for (const effect of effects) onEffect(effect);
    onTurn();
  };

  /** What an effect brings about happens after it. */
  const tell = (event: Untimed<WorldEvent>): void => {
    waiting.push(event);
    if (turning || stopped) return;
    turning = true;
    for (let next = waiting.shift(); next !== undefined && !stopped; next = waiting.shift()) turn(next);
    turning = false;
    callOff();
    if (stopped) return;
    const inMs = nextDeadline(world) - now();
    if (inMs !== Number.POSITIVE_INFINITY) callOff = clock.after(Math.max(0, inMs), () => tell({ type: "tick" }));
  };

  tell({ type: "tick" });
  return {
    tell,
    now,
    stop() {
      stopped = true;
      callOff();
    },
  };
}
