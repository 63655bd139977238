/** Members by their place among all keys. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { isHonest, type Sim } from "../sim.ts";
import type { Epoch } from "./seen.ts";

export function epochOf(sim: Sim, members: readonly Uint8Array[]): Epoch {
  const places = members.map((key) => placeOf(sim, key));
  const faulty = places.filter((place) => !isHonest(sim.kiosks[place])).length;
  return { members: places, faulty };
}

export const placeOf = (sim: Sim, key: Uint8Array): number =>
  sim.identities.findIndex((identity) => identity.key[0] === key[0] && bytesEqual(identity.key, key));
