/** What a modem must know of the board that it runs on, and of this boot. */
import type { ValueOf } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { RADIO_LINKS_MAX } from "../../protocol/core/limits.ts";
import type { Millis } from "../../protocol/core/units.ts";
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../protocol/core/version.ts";
import type { Address, Role } from "../../protocol/radio/fields.ts";
import type { Hello, ResetReason } from "../../protocol/radio/hello.ts";

export type PeerAddress = ValueOf<typeof Address>;
export type RadioRole = ValueOf<typeof Role>;

export interface BoardFacts {
  readonly board: string;
  readonly chip: Uint8Array;
  readonly build: Uint8Array;
  readonly address: PeerAddress;
  /** Unread bytes that the UART holds. */
  readonly receiveSpace: number;
  /** The rates of the serial line, and the one at which it listens first. */
  readonly bauds: readonly number[];
  readonly baud: number;
  /** `dual` only where this board has proved it. */
  readonly roles: Hello["roles"];
  /** Connections at a time, and how many of them in each role. */
  readonly links: number;
  readonly linksAsServer: number;
  readonly linksAsClient: number;
  readonly stackQueue: number;
  /** Of a connection before anybody asks for another. */
  readonly intervalMinMs: number;
  readonly intervalMaxMs: number;
  readonly natives: Hello["natives"];
}

export interface ModemConfig {
  readonly at: Millis;
  /** Drawn at boot. */
  readonly boot: number;
  readonly reset: ValueOf<typeof ResetReason>;
  /** The last words of the run before. */
  readonly fault: string;
  /** The role that the stack was built for in this boot, if one was stored. */
  readonly storedRole: RadioRole | undefined;
  readonly major: number;
  readonly minor: number;
}

export const modemConfig = (at: Millis, boot: number, over: Partial<ModemConfig> = {}): ModemConfig => ({
  at,
  boot,
  reset: "powerOn",
  fault: "",
  storedRole: undefined,
  major: PROTOCOL_MAJOR,
  minor: PROTOCOL_MINOR,
  ...over,
});

export function checkFacts(facts: BoardFacts): void {
  assert(facts.chip.length === 8 && facts.build.length === 8, "chip and build are named by eight bytes");
  assert(facts.links >= 1 && facts.links <= RADIO_LINKS_MAX, "a radio's links keep their bound");
  assert(Math.max(facts.linksAsServer, facts.linksAsClient) <= facts.links, "a role's links are some of them");
  assert(facts.stackQueue >= 1, "a stack queues something");
  assert(facts.bauds.includes(facts.baud), "a board begins at one of its rates");
  assert(facts.intervalMinMs <= facts.intervalMaxMs, "an interval has two ends");
}

export function offers(facts: BoardFacts, role: RadioRole): boolean {
  if (role === "dual") return facts.roles.dual === 1;
  return (role === "server" ? facts.roles.server : facts.roles.client) === 1;
}

/** The address as one number, 49 bits: what tables compare, with nothing to collect. */
export function peerKey(address: PeerAddress): PeerKey {
  let key = address.kind === "random" ? 1 : 0;
  for (let i = 0; i < 6; i++) key = key * 256 + address.address[i];
  return key as PeerKey;
}

declare const brand: unique symbol;
export type PeerKey = number & { readonly [brand]: "PeerKey" };

export function addressText(address: PeerAddress): string {
  let text = "";
  for (let i = 0; i < 6; i++) text += (i === 0 ? "" : ":") + (256 + address.address[i]).toString(16).slice(1);
  return text;
}
