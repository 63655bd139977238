/** What a secured link takes of one core: a handshake for both ends together, a vote sealed and opened, and a first message by somebody
 * who does not know the table's secret. */
import { keyPairFromSeed } from "../../host/crypto/ed25519-keys.ts";
import { noise, secureCrypto } from "../../host/crypto/noise.ts";
import { cryptoPorts } from "../../host/node/crypto-ports.ts";
import { prologueOf } from "../../host/secure/binding.ts";
import { step } from "../../host/secure/link.ts";
import type { LinkEffect, LinkEvent } from "../../host/secure/link-events.ts";
import { type SecureLink, secureLink } from "../../host/secure/link-state.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, chance, drawBytes } from "../../protocol/core/chance.ts";
import { VOTE_SIZE_MAX } from "../../protocol/core/limits.ts";
import { NORMAL } from "../../protocol/core/packet-class.ts";
import { millis } from "../../protocol/core/units.ts";
import { PROTOCOL_MAJOR } from "../../protocol/core/version.ts";
import type { Row } from "./bench.ts";

const RADIOS = [
  { kind: "random", address: Uint8Array.of(0xc0, 1, 2, 3, 4, 5) },
  { kind: "public", address: Uint8Array.of(0x24, 1, 2, 3, 4, 5) },
] as const;
const PROLOGUE = prologueOf(new Uint8Array(16).fill(7), RADIOS[0], RADIOS[1]);
const VERSION = { major: PROTOCOL_MAJOR, minor: 0, features: 0 };
const HANDSHAKES = 200;
const WARM_UP = 50;
/** Before a session has to renew its keys. */
const VOTES = 80;

export function bench(): Row[] {
  const from = chance(9);
  const keys = [1, 2].map((byte) => keyPairFromSeed(new Uint8Array(32).fill(byte)));
  const [one, other] = keys.map((pair) => secureCrypto(pair.publicKey.bytes, cryptoPorts(pair))) as [Ports, Ports];
  const spent = { handshakes: 0, seals: 0, opens: 0, strangers: 0 };
  // The first rounds are the engine's, which has to see what is hot, and make the keys of both ready.
  for (let round = -WARM_UP; round < HANDSHAKES; round++) {
    if (round === 0) Object.assign(spent, { handshakes: 0, seals: 0, opens: 0, strangers: 0 });
    const [client, server] = [endOf("client", 1, one, from), endOf("server", 1, other, from)];
    spent.handshakes += timed(() => meet(client, server));
    assert(client.link.current !== undefined && server.link.current !== undefined, "they have met");
    const votes = Array.from({ length: VOTES }, () => drawBytes(from, VOTE_SIZE_MAX));
    const packets: Uint8Array[] = [];
    spent.seals += timed(() => {
      for (const body of votes) {
        packets.push(...packetsOf(told(client, { type: "send", kind: "message", class: NORMAL, body })));
      }
    });
    assert(packets.length === VOTES, "each vote is a packet");
    spent.opens += timed(() => {
      for (const packet of packets) told(server, { type: "received", packet });
    });
    const [stranger, asked] = [endOf("client", 2, one, from), endOf("server", 1, other, from)];
    told(asked, { type: "up" });
    const firsts = packetsOf(told(stranger, { type: "up" }));
    spent.strangers += timed(() => {
      for (const packet of firsts) told(asked, { type: "received", packet });
    });
  }
  const { handshakes, seals, opens, strangers } = spent;
  return [
    { metric: "handshake", value: handshakes / HANDSHAKES, unit: "us, both ends" },
    { metric: "seal-vote", value: seals / HANDSHAKES / VOTES, unit: "us" },
    { metric: "open-vote", value: opens / HANDSHAKES / VOTES, unit: "us" },
    { metric: "stranger", value: strangers / HANDSHAKES, unit: "us a first message" },
  ];
}

type Ports = ReturnType<typeof secureCrypto>;

interface End {
  readonly link: SecureLink;
  readonly ports: Ports;
  readonly from: Chance;
}

function endOf(role: "client" | "server", secret: number, ports: Ports, from: Chance): End {
  const own = drawBytes(from, 32);
  const link = secureLink(
    {
      ...{ role, version: VERSION, static: { secret: own, public: noise.publicOf(own) } },
      agreements: [{ prologue: PROLOGUE, secret: new Uint8Array(32).map((_, at) => 3 * at + secret) }],
    },
    millis(0),
  );
  return { link, from, ports };
}

type Told = LinkEvent extends infer E ? (E extends LinkEvent ? Omit<E, "at"> : never) : never;

function told({ link, ports, from }: End, event: Told): LinkEffect[] {
  const done: LinkEffect[] = [];
  step(link, { ...event, at: millis(0) } as LinkEvent, done, ports);
  for (const effect of done.slice()) {
    if (effect.type === "draw")
      done.push(...told({ link, ports, from }, { type: "drawn", bytes: drawBytes(from, 32) }));
  }
  return done;
}

const packetsOf = (effects: readonly LinkEffect[]): Uint8Array[] =>
  effects.flatMap((effect) => (effect.type === "transmit" ? [effect.packet] : []));

/** Each message answers the one before it. */
function meet(client: End, server: End): void {
  told(server, { type: "up" });
  let [to, packets] = [server, packetsOf(told(client, { type: "up" }))];
  while (packets.length > 0) {
    const next = packets.flatMap((packet) => packetsOf(told(to, { type: "received", packet: packet.slice() })));
    packets = next;
    to = to === server ? client : server;
  }
}

/** Of this process's own time: what else the machine does is not counted. */
function timed(act: () => unknown): number {
  const began = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(began);
  return user + system;
}
