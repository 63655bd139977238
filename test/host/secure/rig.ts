/** Two ends of a link and the air between them: packets wait there until a test lets them pass, loses or spoils them. */
import { expect } from "vitest";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { noise, secureCrypto } from "../../../host/crypto/noise.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { prologueOf } from "../../../host/secure/binding.ts";
import { nextDeadline, step } from "../../../host/secure/link.ts";
import type { LinkEffect, LinkEvent } from "../../../host/secure/link-events.ts";
import { type LinkOptions, type SecureLink, secureLink } from "../../../host/secure/link-state.ts";
import type { SecurePorts } from "../../../host/secure/ports.ts";
import { type Chance, chance, drawBytes } from "../../../protocol/core/chance.ts";
import { NORMAL, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import { PROTOCOL_MAJOR } from "../../../protocol/core/version.ts";

export type Name = "client" | "server";
export const other = (name: Name): Name => (name === "client" ? "server" : "client");

export interface Passing {
  readonly from: Name;
  readonly class: PacketClass;
  readonly packet: Uint8Array;
}

export interface End {
  readonly link: SecureLink;
  readonly ports: SecurePorts;
  readonly chance: Chance;
  readonly effects: LinkEffect[];
}

export interface Rig {
  now: number;
  readonly client: End;
  readonly server: End;
  /** Under way, the oldest first. */
  readonly air: Passing[];
  /** All that ever was. */
  readonly overheard: Passing[];
}

export const TABLE = new Uint8Array(16).fill(7);
export const SECRET = new Uint8Array(32).map((_, at) => 3 * at + 1);
export const VERSION = { major: PROTOCOL_MAJOR, minor: 0, features: 5 };
export const CLIENT_RADIO = { kind: "random", address: Uint8Array.of(0xc0, 1, 2, 3, 4, 5) } as const;
export const SERVER_RADIO = { kind: "public", address: Uint8Array.of(0x24, 1, 2, 3, 4, 5) } as const;

export const PROLOGUE = prologueOf(TABLE, CLIENT_RADIO, SERVER_RADIO);

export const seedOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
export function cryptoOf(byte: number): SecurePorts {
  const pair = keyPairFromSeed(seedOf(byte));
  return secureCrypto(pair.publicKey.bytes, cryptoPorts(pair));
}
export const halves = (secret: Uint8Array) => ({ secret, public: noise.publicOf(secret) });

export interface Wishes {
  readonly client?: Partial<LinkOptions>;
  readonly server?: Partial<LinkOptions>;
  readonly identities?: readonly [number, number];
  readonly seed?: number;
  readonly isSecret?: boolean;
}

/** Both ends are up, and nothing has passed. */
export function rig(wishes: Wishes = {}): Rig {
  const { identities = [1, 2], seed = 1, isSecret = true } = wishes;
  const agreements = [{ prologue: PROLOGUE, secret: isSecret ? SECRET : undefined }];
  const end = (name: Name): End => {
    const place = name === "client" ? 0 : 1;
    const own = halves(seedOf(101 + place));
    const options = { role: name, agreements, static: own, version: VERSION, ...wishes[name] };
    const link = secureLink(options, millis(0));
    return { link, ports: cryptoOf(identities[place]), chance: chance(seed * 2 + place), effects: [] };
  };
  const made: Rig = { now: 0, client: end("client"), server: end("server"), air: [], overheard: [] };
  tell(made, "server", { type: "up" });
  tell(made, "client", { type: "up" });
  return made;
}

type Told = LinkEvent extends infer E ? (E extends LinkEvent ? Omit<E, "at"> : never) : never;

/** What it does at once: packets go into the air, chance is given. */
export function tell(of: Rig, name: Name, told: Told): LinkEffect[] {
  const { link, ports, chance: from, effects } = of[name];
  const done: LinkEffect[] = [];
  step(link, { ...told, at: millis(of.now) } as LinkEvent, done, ports);
  for (const effect of done.slice()) {
    if (effect.type === "draw") done.push(...tell(of, name, { type: "drawn", bytes: drawBytes(from, 32) }));
    if (effect.type !== "transmit") continue;
    const passing = { from: name, class: effect.class, packet: effect.packet.slice() };
    of.air.push(passing);
    of.overheard.push(passing);
  }
  effects.push(...done);
  return done;
}

/** The oldest arrives, or those that a test lets pass. */
export function pass(of: Rig, lets: (passing: Passing) => boolean = () => true): void {
  const next = of.air.shift();
  if (next !== undefined && lets(next)) tell(of, other(next.from), { type: "received", packet: next.packet.slice() });
}

export function passAll(of: Rig, lets: (passing: Passing) => boolean = () => true): void {
  while (of.air.length > 0) pass(of, lets);
}

export const say = (of: Rig, name: Name, body: Uint8Array, packetClass: PacketClass = NORMAL): LinkEffect[] =>
  tell(of, name, { type: "send", kind: "message", class: packetClass, body });

export const hear = (of: Rig, name: Name, packet: Uint8Array): LinkEffect[] =>
  tell(of, name, { type: "received", packet: packet.slice() });

/** Time passes with all that falls due in it. */
export function wait(of: Rig, ms: number, lets: (passing: Passing) => boolean = () => true): void {
  const until = of.now + ms;
  for (let turn = 0; ; turn++) {
    if (turn > 10_000) throw new Error("something is due again and again");
    passAll(of, lets);
    const due = Math.min(nextDeadline(of.client.link) ?? until, nextDeadline(of.server.link) ?? until);
    if (due >= until) break;
    of.now = Math.max(of.now, due);
    for (const name of ["client", "server"] as const) {
      if ((nextDeadline(of[name].link) ?? Number.POSITIVE_INFINITY) <= of.now) tell(of, name, { type: "tick" });
    }
  }
  of.now = until;
  for (const name of ["client", "server"] as const) tell(of, name, { type: "tick" });
  passAll(of, lets);
}

export const opened = (wishes: Wishes = {}): Rig => {
  const made = rig(wishes);
  passAll(made);
  return made;
};

export const isOpen = (of: Rig): boolean =>
  of.client.link.current !== undefined && of.server.link.current !== undefined;

export const heardBy = (of: Rig, name: Name): Uint8Array[] =>
  of[name].effects.flatMap((effect) => (effect.type === "heard" ? [effect.body] : []));

export const refusals = (effects: readonly LinkEffect[]): string[] =>
  effects.flatMap((effect) => (effect.type === "refused" ? [effect.why] : []));

export const kinds = (effects: readonly LinkEffect[]): string[] => effects.map(({ type }) => type);

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Up to the moment when a message of that number (from 0) is in the air. */
export function upTo(message: number, wishes: Wishes = {}): Rig {
  const of = rig(wishes);
  for (let at = 0; at < message; at++) pass(of);
  expect(of.air).toHaveLength(1);
  return of;
}
