/** From a connection to one that passes values, as a server sees it: somebody connects, subscribes, is greeted and answers.
 * Whoever does not is no radio of ours and would hold the only place. */

export const GREET_EVERY_MS = 250;
/** A client's own steps before its subscription take up to eleven seconds in the worst case and half of one usually. */
export const ANSWERED_WITHIN_MS = 12_000;

/** Who was told to go is gone then, whatever the stack says: supervision is shorter. */
export const GONE_WITHIN_MS = 5_000;

export interface ServerSetup {
  step: "connected" | "subscribed" | "up" | "over";
  by: number;
  againAt: number;
}

export type ServerSetupEffect = "greet" | "up" | "giveUp" | "gone" | undefined;

export const serverSetup = (now: number): ServerSetup => ({
  step: "connected",
  by: now + ANSWERED_WITHIN_MS,
  againAt: Number.POSITIVE_INFINITY,
});

export const serverSetupDeadline = (setup: ServerSetup): number => Math.min(setup.by, setup.againAt);

/** Also when it subscribes again: it may not have heard the greeting. */
export function onSubscribed(setup: ServerSetup, now: number): ServerSetupEffect {
  if (setup.step === "over") return undefined;
  if (setup.step === "connected") setup.step = "subscribed";
  if (setup.step === "subscribed") setup.againAt = now + GREET_EVERY_MS;
  return "greet";
}

/** It says that it heard us. */
export function onHeard(setup: ServerSetup): ServerSetupEffect {
  if (setup.step !== "subscribed") return undefined;
  setup.step = "up";
  setup.by = Number.POSITIVE_INFINITY;
  setup.againAt = Number.POSITIVE_INFINITY;
  return "up";
}

export function onServerTick(setup: ServerSetup, now: number): ServerSetupEffect {
  if (now >= setup.by) {
    if (setup.step === "over") return "gone";
    setup.step = "over";
    setup.by = now + GONE_WITHIN_MS;
    setup.againAt = Number.POSITIVE_INFINITY;
    return "giveUp";
  }
  if (now < setup.againAt) return undefined;
  setup.againAt = now + GREET_EVERY_MS;
  return "greet";
}
