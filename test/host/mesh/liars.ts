/** Kiosks that do not keep to the rules, each in one way. They hold their own key and nobody else's. */

import { HopPacket } from "../../../host/mesh/hop-packet.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { CRITICAL } from "../../../protocol/core/packet-class.ts";
import { seal, tagOf } from "./letters.ts";
import { type Kiosk, type Liar, transmit, type Wire, type World } from "./world.ts";

const honestly: Liar["onSend"] = (_world, _me, wire, packet) => [[wire, packet]];
const isEnvelope = (packet: Uint8Array): boolean => packet[0] < 0x40;

function withHops(packet: Uint8Array, hops: number): Uint8Array {
  const copy = packet.slice();
  copy[1] = hops;
  return copy;
}

/** So many and no more, in a mesh where others are tried as well; the flood that does not end has a test of its own. */
const FLOOD_MAX = 40;

/** Everything over every link, at once. */
function spread(world: World, me: Kiosk, packet: Uint8Array, but?: Wire): void {
  for (const wire of [...me.wires]) if (wire !== but) transmit(world, me, wire, packet);
}

const chatter = (world: World, me: Kiosk): Uint8Array =>
  seal({ origin: me.index, number: 1_000_000 + me.number++, packetClass: CRITICAL, body: drawBytes(world.chance, 40) });

export const LIARS: { readonly [name: string]: Liar } = {
  /** Takes everything and passes nothing on. */
  mute: { onSend: () => [] },

  /** Passes on what it hears before anybody else does, and says that nobody may follow. */
  shortener: {
    onSend: (_world, _me, wire, packet) => [[wire, isEnvelope(packet) ? withHops(packet, 0) : packet]],
    onHear(world, me, wire, packet) {
      if (isEnvelope(packet)) spread(world, me, withHops(packet, 0), wire);
    },
  },

  /** Passes everything on as if it had come no way at all, again and again. */
  echo: {
    onSend: (_world, _me, wire, packet) => [
      [wire, packet],
      [wire, packet],
    ],
    onHear(world, me, _wire, packet) {
      if (isEnvelope(packet) && drawBelow(world.chance, 4) === 0) spread(world, me, withHops(packet, 8));
    },
  },

  /** The honest number with other words, ahead of the honest message. */
  forger: {
    onSend: honestly,
    onHear(world, me, wire, packet) {
      if (!isEnvelope(packet)) return;
      const forged = packet.slice();
      forged[forged.length - 70] ^= 1;
      spread(world, me, forged, wire);
    },
  },

  /** As many words of its own as a link takes, each to half of its neighbours. */
  flooder: {
    onSend: honestly,
    onHear(world, me) {
      if (me.number > FLOOD_MAX) return;
      for (const wire of [...me.wires]) {
        if (drawBelow(world.chance, 2) === 0) transmit(world, me, wire, chatter(world, me));
      }
    },
  },

  /** Claims links with everybody. */
  braggart: {
    onSend: honestly,
    names: (world, me) => world.kiosks.map(({ index }) => index).filter((index) => index !== me.index),
  },

  /** Offers what there is not, and wants everything. */
  haggler: {
    onSend: honestly,
    onHear(world, me, wire) {
      const ids = [...Array(64)].map(() => drawBytes(world.chance, 16));
      transmit(
        world,
        me,
        wire,
        encode(HopPacket, { type: drawBelow(world.chance, 2) === 0 ? "have" : "want", number: 1, ids }),
      );
    },
  },

  /** Noise. */
  babbler: {
    onSend: honestly,
    onHear(world, me, wire) {
      const noise = drawBytes(world.chance, 1 + drawBelow(world.chance, 200));
      noise[0] = [0x03, 0x41, 0x42, 0x43, 0x44, noise[0]][drawBelow(world.chance, 6)];
      transmit(world, me, wire, noise);
    },
  },

  /** Sends others' packets along ways that are none, and says that ways are broken. */
  misguide: {
    onSend: honestly,
    onBeat(world, me) {
      const way = [...Array(3)].map(() => tagOf(drawBelow(world.chance, world.kiosks.length)));
      for (const wire of [...me.wires]) {
        transmit(world, me, wire, encode(HopPacket, { type: "routed", at: 1, way, envelope: chatter(world, me) }));
        transmit(world, me, wire, encode(HopPacket, { type: "broken", at: 2, turn: 0, way }));
      }
    },
  },

  /** Says each of its own to one neighbour alone, and passes nothing on. */
  whisperer: {
    onSend: (_world, me, wire, packet) =>
      isEnvelope(packet) && packet[2] === me.index && wire === me.wires[0] ? [[wire, packet]] : [],
  },
};
