/** The part of the mesh that a kiosk is in: its name, which adverts carry, and whether it is all of the table. */
import { mapOf } from "../link-map.ts";
import type { PeerName } from "../peer-name.ts";
import type { LinkMap, Mesh } from "../state.ts";
import { connectivity } from "./connectivity.ts";
import { linksOf } from "./search.ts";

export interface Part {
  /** The lowest of its kiosks' names: of two parts that join, the lower stays. */
  readonly name: PeerName;
  readonly isWhole: boolean;
  /** Where it is one ring and not the whole table, so that nobody can join it: the link to open again. */
  readonly opens: readonly [PeerName, PeerName] | undefined;
  /** It is the whole table, and one kiosk's loss would part that. */
  readonly isFragile: boolean;
  /** Where it is fragile or not whole: neighbours whose link lies on a circle, so that nobody is cut off when it goes, and its radios
   * are free for a better one or for who is kept out. */
  readonly loose: readonly PeerName[];
}

export function partOf(mesh: Mesh, members: readonly PeerName[]): Part {
  const { links, distance } = mapOf(mesh);
  const isWhole = members.every((name) => distance.has(name));
  const kiosks = [...distance.keys()].sort();
  const opens = isWhole ? undefined : closingLink(kiosks, links);
  const place = (name: PeerName): number => kiosks.indexOf(name);
  const pairs = kiosks.flatMap((name) => (links.get(name) ?? []).map((other) => [place(name), place(other)] as const));
  const isFragile = isWhole && kiosks.length > 2 && connectivity(linksOf(kiosks.length, pairs)) === 1;
  const isOnCircle = (other: PeerName): boolean => {
    const [left, right] = [place(mesh.me), place(other)];
    const rest = pairs.filter(([one, two]) => !((one === left && two === right) || (one === right && two === left)));
    return connectivity(linksOf(kiosks.length, rest)) > 0;
  };
  const loose = isFragile || !isWhole ? (links.get(mesh.me) ?? []).filter(isOnCircle) : [];
  return { name: kiosks[0], isWhole, opens, isFragile, loose };
}

/** Of a ring that was closed too soon, the link between the highest and the higher of its neighbours: both ends know it. */
function closingLink(kiosks: readonly PeerName[], links: LinkMap["links"]): readonly [PeerName, PeerName] | undefined {
  const isRing = kiosks.length > 2 && kiosks.every((name) => links.get(name)?.length === 2);
  if (!isRing) return undefined;
  const highest = kiosks[kiosks.length - 1];
  const [left, right] = links.get(highest) as readonly PeerName[];
  return [highest, left > right ? left : right];
}
