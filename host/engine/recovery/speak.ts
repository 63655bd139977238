/** What a member says about it to the others: on which rung it stands, and whom it has on its side. A claim that moves nothing. */
import { sequence, view } from "../../../protocol/core/units.ts";
import type { PartitionRecovery } from "../../../protocol/message/recovery.ts";
import type { RecoveryEffect, Step } from "./events.ts";
import { GREET_EVERY_MS } from "./limits.ts";
import { sideOf } from "./side.ts";
import type { Recovery } from "./state.ts";

const SAID: { readonly [step in Step]: PartitionRecovery["step"] } = Object.freeze({
  waiting: "waiting",
  reconnecting: "reconnecting",
  readOnly: "readOnly",
  asking: "readOnly",
  stopped: "readOnly",
  catchingUp: "catchingUp",
  whole: "whole",
});

/** To who has just come back: so that it knows at once where the others stand. */
export function greet(of: Recovery, effects: RecoveryEffect[]): void {
  if (of.now < of.spokeAt + GREET_EVERY_MS) return;
  sayStep(of, effects);
}

/** Who only follows has no voice in it. */
export function sayStep(of: Recovery, effects: RecoveryEffect[]): void {
  if (of.me < 0) return;
  of.spokeAt = of.now;
  const { view: at, stable, executed } = of.standing;
  effects.push({
    type: "say",
    said: {
      step: SAID[of.step],
      view: view(at),
      stable: { sequence: sequence(stable.sequence), digest: stable.digest },
      executed: { sequence: sequence(executed.sequence), digest: executed.digest },
      reachable: sideOf(of),
    },
  });
}
