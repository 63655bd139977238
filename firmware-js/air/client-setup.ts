/** From a connection to one that passes values, as a client sees it: MTU, service, characteristics, subscription. Every step
 * has a time, because a stack that refuses one of these calls says nothing. Pure, so that every order of answers can be
 * tried. */
import { unreachable } from "../../protocol/core/assert.ts";

/** An nRF52 answers who asks for the MTU by what its program, busy or not, has heard of the connection. Before it has, it
 * answers nothing, and a request without an answer is the last of its connection. */
export const SETTLED_WITHIN_MS = 150;
/** Six connection intervals of the slowest kind, and the stack's own work. Without an answer 23 is safe, and a greeting may
 * tell more. */
export const MTU_WITHIN_MS = 1_000;
/** A discovery takes some round trips. */
export const DISCOVERY_WITHIN_MS = 5_000;
export const SUBSCRIBE_EVERY_MS = 250;
export const SUBSCRIBED_WITHIN_MS = 5_000;

export interface ClientSetup {
  step: "connected" | "mtu" | "service" | "characteristics" | "subscription" | "greeting" | "up" | "over";
  /** When the present step is over, and when its call is repeated. */
  by: number;
  againAt: number;
}

export type SetupEvent =
  | { readonly type: "mtu" }
  | { readonly type: "service"; readonly found: boolean }
  | { readonly type: "characteristics"; readonly found: boolean }
  /** `heard`: the server knows of it. */
  | { readonly type: "greeted"; readonly heard: boolean }
  | { readonly type: "tick" };

/** `up`: values pass both ways. `giveUp`: the connection is to be ended. */
export type SetupEffect =
  | "exchangeMtu"
  | "discoverService"
  | "discoverCharacteristics"
  | "subscribe"
  | "greet"
  | "up"
  | "giveUp"
  | undefined;

export const clientSetup = (now: number): ClientSetup => ({
  step: "connected",
  by: now + SETTLED_WITHIN_MS,
  againAt: Number.POSITIVE_INFINITY,
});

export const setupDeadline = (setup: ClientSetup): number => Math.min(setup.by, setup.againAt);

export function stepSetup(setup: ClientSetup, event: SetupEvent, now: number): SetupEffect {
  switch (event.type) {
    case "mtu":
      return setup.step === "mtu" ? enter(setup, "service", now) : undefined;
    case "service":
      if (setup.step !== "service") return undefined;
      return event.found ? enter(setup, "characteristics", now) : giveUp(setup);
    case "characteristics":
      if (setup.step !== "characteristics") return undefined;
      return event.found ? enter(setup, "subscription", now) : giveUp(setup);
    case "greeted":
      if (setup.step !== "subscription" && setup.step !== "greeting") return undefined;
      return onGreeted(setup, event.heard, now);
    case "tick":
      return onTick(setup, now);
    default:
      return unreachable(event);
  }
}

function onGreeted(setup: ClientSetup, heard: boolean, now: number): SetupEffect {
  if (!heard) {
    setup.step = "greeting";
    setup.againAt = now + SUBSCRIBE_EVERY_MS;
    return "greet";
  }
  setup.step = "up";
  setup.by = Number.POSITIVE_INFINITY;
  setup.againAt = Number.POSITIVE_INFINITY;
  return "up";
}

function onTick(setup: ClientSetup, now: number): SetupEffect {
  if (now >= setup.by) return onOver(setup, now);
  if (now < setup.againAt) return undefined;
  setup.againAt = now + SUBSCRIBE_EVERY_MS;
  return setup.step === "greeting" ? "greet" : "subscribe";
}

function onOver(setup: ClientSetup, now: number): SetupEffect {
  if (setup.step === "mtu") return enter(setup, "service", now);
  if (setup.step !== "connected") return giveUp(setup);
  setup.step = "mtu";
  setup.by = now + MTU_WITHIN_MS;
  return "exchangeMtu";
}

function enter(setup: ClientSetup, step: "service" | "characteristics" | "subscription", now: number): SetupEffect {
  setup.step = step;
  setup.by = now + (step === "subscription" ? SUBSCRIBED_WITHIN_MS : DISCOVERY_WITHIN_MS);
  if (step === "service") return "discoverService";
  if (step === "characteristics") return "discoverCharacteristics";
  setup.againAt = now + SUBSCRIBE_EVERY_MS;
  return "subscribe";
}

function giveUp(setup: ClientSetup): SetupEffect {
  abandon(setup);
  return "giveUp";
}

/** It is not to come about: what its stack still answers means nothing. */
export function abandon(setup: ClientSetup): void {
  setup.step = "over";
  setup.by = Number.POSITIVE_INFINITY;
  setup.againAt = Number.POSITIVE_INFINITY;
}
