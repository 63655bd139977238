/** Kiosks whose people pair them: secured transports over radios in memory, in virtual time, and whoever may stand between. */

import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { noise, secureCrypto } from "../../../host/crypto/noise.ts";
import type { BareListener } from "../../../host/node/bare-transport.ts";
import type { NodeClock } from "../../../host/node/clock.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { type PairingDesk, type PairingPort, pairingDesk } from "../../../host/node/pairing-desk.ts";
import { type SecureTally, secureTransport } from "../../../host/node/secure-transport.ts";
import type { Transport } from "../../../host/node/transport.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { NORMAL } from "../../../protocol/core/packet-class.ts";
import { Alarms } from "./alarms.ts";
import { radioOf } from "./secured-neighbours.ts";

export const TABLE = new Uint8Array(16).fill(7);
export const SECRET = new Uint8Array(32).fill(8);

export interface End {
  readonly key: Uint8Array;
  readonly desk: PairingDesk;
  readonly transport: Transport;
  readonly tally: SecureTally;
  readonly bare: BareListener;
  /** Links that the loop was told of, and what came over them. */
  readonly up: number[];
  readonly heard: Uint8Array[];
}

export class PairingAir {
  readonly ends: End[] = [];
  /** Everything that flew. */
  readonly flown: Uint8Array[] = [];
  /** Of packets: false, it is lost. */
  carry: (packet: Uint8Array) => boolean = () => true;
  private readonly other = new Map<string, number>();
  private readonly drawn = chance(11);
  private readonly alarms = new Alarms();
  private links = 0;

  readonly clock: NodeClock = this.alarms.clock;

  readonly draw = (): Uint8Array => drawBytes(this.drawn, 32);

  /** `pairing`: in place of an honest desk. */
  add({ secret, pairing }: { readonly secret: Uint8Array | undefined; readonly pairing?: PairingPort }): number {
    const at = this.ends.length;
    const pair = keyPairFromSeed(new Uint8Array(32).fill(at + 1));
    const desk = pairingDesk({ clock: this.clock, draw: this.draw, ports: noise });
    let bare: BareListener | undefined;
    const { open, tally } = secureTransport({
      ...{ clock: this.clock, table: TABLE, secret, pairing: pairing ?? desk, draw: this.draw },
      ports: secureCrypto(pair.publicKey.bytes, cryptoPorts(pair)),
      bare: (listener) => {
        bare = listener;
        return {
          send: (link, _, packet, token) => this.send(at, link, packet.slice(), token),
          proved: () => {},
          drop: (link) => this.alarms.after(1, () => this.unlink(at, link)),
          close: () => {},
        };
      },
    });
    const up: number[] = [];
    const heard: Uint8Array[] = [];
    const transport = open({
      onUp: (link) => up.push(link),
      onDown: (link) => up.splice(up.indexOf(link), 1),
      onPacket: (_, packet) => heard.push(packet),
      onSettled: () => {},
    });
    this.ends.push({ key: pair.publicKey.bytes, desk, transport, tally, bare: bare!, up, heard });
    return at;
  }

  /** The first calls the second. */
  connect(client: number, server: number): number {
    const link = ++this.links;
    this.other.set(`${client} ${link}`, server);
    this.other.set(`${server} ${link}`, client);
    const [own, other] = [radioOf(client, 1), radioOf(server, 0)];
    this.ends[server]!.bare.onUp(link, { role: "server", own: other, other: own, expected: undefined });
    this.ends[client]!.bare.onUp(link, { role: "client", own, other, expected: undefined });
    return link;
  }

  /** The two are out of reach of each other for a moment. */
  lose(client: number, link: number): void {
    this.unlink(client, link);
  }

  say(from: number, link: number, body: Uint8Array): void {
    this.ends[from]!.transport.send(link, NORMAL, body, 1);
  }

  run(ms: number): void {
    this.alarms.run(ms);
  }

  private send(from: number, link: number, packet: Uint8Array, token: number | undefined): void {
    this.flown.push(packet);
    if (!this.carry(packet)) return;
    this.alarms.after(1, () => {
      const to = this.other.get(`${from} ${link}`);
      if (to === undefined) return;
      this.ends[to]!.bare.onPacket(link, packet.slice());
      if (token !== undefined) this.ends[from]!.bare.onSettled(token, "sent");
    });
  }

  private unlink(at: number, link: number): void {
    const other = this.other.get(`${at} ${link}`);
    this.other.delete(`${at} ${link}`);
    this.ends[at]!.bare.onDown(link);
    if (other === undefined) return;
    this.other.delete(`${other} ${link}`);
    this.ends[other]!.bare.onDown(link);
  }
}
