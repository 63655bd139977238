/** The part of the mesh that a kiosk is in: its name, which adverts carry, and whether it is all of the table. */
import { mapOf } from "../link-map.ts";
import type { PeerName } from "../peer-name.ts";
import type { LinkMap, Mesh } from "../state.ts";

export interface Part {
  /** The lowest of its kiosks' names: of two parts that join, the lower stays. */
  readonly name: PeerName;
  readonly isWhole: boolean;
  /** Where it is one ring and not the whole table, so that nobody can join it: the link to open again. */
  readonly opens: readonly [PeerName, PeerName] | undefined;
}

export function partOf(mesh: Mesh, members: readonly PeerName[]): Part {
  const { links, distance } = mapOf(mesh);
  const isWhole = members.every((name) => distance.has(name));
  const kiosks = [...distance.keys()].sort();
  return { name: kiosks[0], isWhole, opens: isWhole ? undefined : closingLink(kiosks, links) };
}

/** Of a ring that was closed too soon, the link between the highest and the higher of its neighbours: both ends know it. */
function closingLink(kiosks: readonly PeerName[], links: LinkMap["links"]): readonly [PeerName, PeerName] | undefined {
  const isRing = kiosks.length > 2 && kiosks.every((name) => links.get(name)?.length === 2);
  if (!isRing) return undefined;
  const highest = kiosks[kiosks.length - 1];
  const [left, right] = links.get(highest) as readonly PeerName[];
  return [highest, left > right ? left : right];
}
