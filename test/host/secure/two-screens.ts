/** Two kiosks that pair, each with a screen and somebody before it. */
import { noise } from "../../../host/crypto/noise.ts";
import { type Pairing, type PairingEffect, type PairingEvent, pairing, step } from "../../../host/secure/pairing.ts";
import type { GivenTable } from "../../../host/secure/pairing-record.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";
import { SECRET, TABLE } from "./rig.ts";

export type Side = "client" | "server";
export const SIDES = ["client", "server"] as const;
export const other = (side: Side): Side => (side === "client" ? "server" : "client");

export interface Two {
  now: number;
  readonly client: Pairing;
  readonly server: Pairing;
  readonly effects: { readonly [S in Side]: PairingEffect[] };
  readonly passing: { readonly to: Side; readonly body: Uint8Array }[];
}

export const GIVEN: GivenTable = { id: TABLE, secret: SECRET, about: new Uint8Array([5, 6]) };

export function two(seed: number, table?: GivenTable): Two {
  const from = chance(seed);
  const transcript = drawBytes(from, 32);
  const effects = { client: [] as PairingEffect[], server: [] as PairingEffect[] };
  const begin = (role: Side): Pairing => {
    const options = { role, transcript, number: drawBytes(from, 32), table: role === "server" ? table : undefined };
    return pairing(options, millis(0), effects[role], noise);
  };
  const made: Two = { now: 0, client: begin("client"), server: begin("server"), effects, passing: [] };
  for (const side of SIDES) dispatch(made, side, effects[side]);
  return made;
}

export function dispatch(of: Two, side: Side, effects: readonly PairingEffect[]): void {
  for (const effect of effects) if (effect.type === "send") of.passing.push({ to: other(side), body: effect.body });
}

export type Told = PairingEvent extends infer E ? (E extends PairingEvent ? Omit<E, "at"> : never) : never;

export function give(of: Two, side: Side, told: Told): PairingEffect[] {
  const done: PairingEffect[] = [];
  step(of[side], { ...told, at: millis(of.now) } as PairingEvent, done, noise);
  of.effects[side].push(...done);
  dispatch(of, side, done);
  return done;
}

export function pass(of: Two, lets: () => boolean = () => true): void {
  for (let next = of.passing.shift(); next !== undefined; next = of.passing.shift()) {
    if (lets()) give(of, next.to, { type: "received", body: next.body });
  }
}

export const shown = (of: Two, side: Side): string[] =>
  of.effects[side].flatMap((effect) => (effect.type === "show" ? [effect.code] : []));
export const ends = (of: Two, side: Side): PairingEffect[] =>
  of.effects[side].filter(({ type }) => type === "paired" || type === "failed");
