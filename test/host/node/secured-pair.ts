/** Two secured transports and a connection between their radios, in virtual time, without loops above them. */

import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { secureCrypto } from "../../../host/crypto/noise.ts";
import type { Outcome } from "../../../host/mesh/events.ts";
import type { BareListener } from "../../../host/node/bare-transport.ts";
import type { NodeClock } from "../../../host/node/clock.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { type SecureTally, secureTransport } from "../../../host/node/secure-transport.ts";
import type { Transport } from "../../../host/node/transport.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { NORMAL } from "../../../protocol/core/packet-class.ts";
import { Alarms } from "./alarms.ts";
import { radioOf } from "./secured-neighbours.ts";

export class SecuredPair {
  readonly ends: Transport[] = [];
  readonly tallies: SecureTally[] = [];
  /** By end: links that came, with whose key, and went; what was heard; and how many connections it dropped. */
  readonly told: (string | false)[][] = [[], []];
  readonly heard: Uint8Array[][] = [[], []];
  readonly dropped = [0, 0];
  /** By end: what became of what was sent, and whom its radio was told of. */
  readonly settled: [number, Outcome][][] = [[], []];
  readonly proved: string[][] = [[], []];
  /** Hexadecimal. */
  readonly keys: string[] = [];
  /** As the second end sees the first's radio. */
  seenAs = radioOf(0, 1);
  private readonly listeners: BareListener[] = [];
  private readonly alarms = new Alarms();
  private links = 0;
  private isConnected = false;

  constructor() {
    const drawn = chance(9);
    const clock: NodeClock = this.alarms.clock;
    for (const end of [0, 1]) {
      const pair = keyPairFromSeed(new Uint8Array(32).fill(end + 1));
      const { open, tally } = secureTransport({
        ...{ clock, table: new Uint8Array(16).fill(7), secret: new Uint8Array(32).fill(8) },
        ports: secureCrypto(pair.publicKey.bytes, cryptoPorts(pair)),
        draw: () => drawBytes(drawn, 32),
        bare: (listener) => {
          this.listeners[end] = listener;
          return {
            send: (link, _, packet, token) => {
              const copy = packet.slice();
              this.alarms.after(1, () => {
                if (!this.isConnected) return;
                this.listeners[1 - end]!.onPacket(link, copy);
                if (token !== undefined) this.listeners[end]!.onSettled(token, "sent");
              });
            },
            proved: (_, key) => this.proved[end]!.push(Buffer.from(key).toString("hex")),
            drop: () => {
              this.dropped[end]! += 1;
            },
            close: () => {},
          };
        },
      });
      this.tallies.push(tally);
      this.keys.push(Buffer.from(pair.publicKey.bytes).toString("hex"));
      this.ends.push(
        open({
          onUp: (_, peer) => this.told[end]!.push(Buffer.from(peer).toString("hex")),
          onDown: () => this.told[end]!.push(false),
          onPacket: (_, packet) => this.heard[end]!.push(packet),
          onSettled: (token, outcome) => this.settled[end]!.push([token, outcome]),
        }),
      );
    }
  }

  /** The first calls the second. */
  connect(): void {
    this.isConnected = true;
    this.links += 1;
    const [own, other] = [radioOf(0, 1), radioOf(1, 0)];
    this.listeners[1]!.onUp(this.links, { role: "server", own: other, other: this.seenAs, expected: undefined });
    this.listeners[0]!.onUp(this.links, { role: "client", own, other, expected: undefined });
  }

  /** Somebody connects to the second. */
  knock(): void {
    this.links += 1;
    const ends = { role: "server", own: radioOf(1, 0), other: radioOf(99, 0), expected: undefined } as const;
    this.listeners[1]!.onUp(this.links, ends);
  }

  say(end: number, body: Uint8Array, token = 1): void {
    this.heard[1 - end] = [];
    this.ends[end]!.send(this.links, NORMAL, body, token);
  }

  run(ms: number): void {
    this.alarms.run(ms);
  }
}
