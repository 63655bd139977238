/** Kiosks that stand in a row, in a ring or all together, and packets put into their hands. */
import { CRITICAL } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import { nameOf, seal } from "./letters.ts";
import { connect, feed, type Kiosk, type World, world } from "./world.ts";

export const hearers = ({ kiosks }: World, key: string): number[] =>
  kiosks.filter(({ heard }) => heard.has(key)).map(({ index }) => index);
export const refusedBy = (kiosk: Kiosk, of: number): { readonly [why: string]: number } =>
  kiosk.mesh.neighbours.get(nameOf(of))?.refused ?? {};

export function ring(count: number, seed = 1): World {
  const made = world(count, seed);
  for (let index = 0; index < count; index++) connect(made, index, (index + 1) % count);
  return made;
}

export function chain(count: number): World {
  const made = world(count, 1);
  for (let index = 1; index < count; index++) connect(made, index - 1, index);
  return made;
}

export function whole(count: number): World {
  const made = world(count, 1);
  for (let left = 0; left < count; left++)
    for (let right = left + 1; right < count; right++) connect(made, left, right);
  return made;
}

/** Hands over a packet as if the neighbour had sent it. */
export function bring(made: World, from: number, to: number, packet: Uint8Array): void {
  const wire = made.kiosks[to].wires.find(({ ends }) => ends.includes(from));
  if (wire !== undefined)
    feed(made, made.kiosks[to], { type: "received", at: millis(made.now), link: wire.name, packet });
}

export const letter = (origin: number, number: number, hops = 8): Uint8Array =>
  seal({ origin, number, packetClass: CRITICAL, body: new Uint8Array(60) }, false, hops);
