/** Neighbours whose links are secured, as the product's are: everything that flies between them is seen by whoever carries it. */
import { noise, secureCrypto } from "../../../host/crypto/noise.ts";
import type { BareListener, LinkEnds, OpenBareTransport } from "../../../host/node/bare-transport.ts";
import { type SecureTally, secureTransport } from "../../../host/node/secure-transport.ts";
import type { LinkName, OpenTransport } from "../../../host/node/transport.ts";
import type { RadioAddress } from "../../../host/secure/binding.ts";
import { tableKeys } from "../../../host/secure/table-secret.ts";
import { type Chance, chance, drawBytes } from "../../../protocol/core/chance.ts";
import { Neighbours } from "./neighbours.ts";

export const SECRET = new Uint8Array(32).map((_, at) => 5 * at + 3);
/** Until a radio that dropped a link has it again. */
const REDIAL_MS = 500;

export const radioOf = (kiosk: number, other: number): RadioAddress => ({
  ...{ kind: "random", address: Uint8Array.of(0xc0, 0, 0, 0, kiosk, other) },
});

export class SecuredNeighbours extends Neighbours {
  /** By kiosk, of its process of now. */
  readonly tallies: SecureTally[] = [];
  /** By kiosk: another secret than the table's. */
  readonly secrets: { [kiosk: number]: Uint8Array } = {};
  /** Whom a kiosk's radios take for whom. */
  expected: (at: number, other: number) => Uint8Array | undefined = (_, other) => this.kiosks[other]!.key;
  /** What each loop gave to its links, before anything was done to it. */
  readonly given: Uint8Array[] = [];
  readonly bare: (BareListener | undefined)[] = [];
  private readonly drawn: Chance = chance(77);

  protected override round(at: number, open: OpenTransport): OpenTransport {
    const { key, ports } = this.kiosks[at]!;
    const { handshake } = tableKeys(this.secrets[at] ?? SECRET, this.table, noise);
    const { open: secured, tally } = secureTransport({
      ...{ bare: this.bareOf(at, open), clock: this.clock, table: this.table, secret: handshake },
      ports: secureCrypto(key, ports),
      draw: () => drawBytes(this.drawn, 32),
    });
    this.tallies[at] = tally;
    return (listener) => {
      const transport = secured(listener);
      return {
        ...transport,
        send: (link, packetClass, packet, token) => {
          this.given.push(packet.slice());
          transport.send(link, packetClass, packet, token);
        },
      };
    };
  }

  /** It comes over a link's air from nobody knows whom. */
  inject(to: number, link: LinkName, packet: Uint8Array): void {
    this.bare[to]?.onPacket(link, packet.slice());
  }

  /** The connection itself goes, at both ends, and comes again. */
  cut(at: number, other: number): void {
    const both = [
      [at, other],
      [other, at],
    ] as const;
    for (const [here, there] of both) this.bare[here]?.onDown(there);
    this.after(REDIAL_MS, () => {
      if (both.some(([here]) => this.bare[here] === undefined)) return;
      for (const [here, there] of both) this.bare[here]!.onUp(there, this.endsOf(here, there));
    });
  }

  private bareOf(at: number, open: OpenTransport): OpenBareTransport {
    return (listener) => {
      this.bare[at] = listener;
      const { onDown, onPacket, onSettled } = listener;
      const plain = open({
        ...{ onDown, onPacket, onSettled: (token) => token > 0 && onSettled(token, "sent") },
        onUp: (link) => listener.onUp(link, this.endsOf(at, link)),
      });
      return {
        send: (link, packetClass, packet, token) => plain.send(link, packetClass, packet, token ?? 0),
        proved: () => {},
        // A radio takes its time for it.
        drop: (link) => void this.after(1, () => this.cut(at, link)),
        close: () => {
          if (this.bare[at] === listener) this.bare[at] = undefined;
          plain.close();
        },
      };
    };
  }

  private endsOf(at: number, other: number): LinkEnds {
    const role = at < other ? "client" : "server";
    return { role, own: radioOf(at, other), other: radioOf(other, at), expected: this.expected(at, other) };
  }
}
