/** Who of the members reaches whom, as the map of the mesh has it now: by their places. */

import { nameOfKey } from "../../mesh/judge.ts";
import { distanceTo, mapOf } from "../../mesh/link-map.ts";
import type { PeerName } from "../../mesh/peer-name.ts";
import { linkedNeighbour, type Mesh } from "../../mesh/state.ts";

export interface Reach {
  readonly names: readonly PeerName[];
  /** By member. */
  readonly link: readonly ("self" | "near" | "far" | "none")[];
  readonly heardAt: readonly (number | undefined)[];
  /** Whom each has a link with, both ends saying so. */
  readonly linked: readonly (readonly number[])[];
  /** Members that reach each other, part by part, this kiosk's first. */
  readonly parts: readonly (readonly number[])[];
  /** Reached, this kiosk with them. */
  readonly count: number;
  /** Somebody who was heard is reached no more. */
  readonly isParted: boolean;
  /** Anybody was ever heard. */
  readonly wasMet: boolean;
}

export function reachOf(mesh: Mesh, members: readonly Uint8Array[]): Reach {
  const names = members.map(nameOfKey);
  const { links } = mapOf(mesh);
  const isSilent = (name: PeerName): boolean => mesh.peers.get(name)?.isSuspected === true;
  const heardAt = names.map((name) => {
    const peer = mesh.peers.get(name);
    return peer?.wasHeard === true ? peer.heardAt : undefined;
  });
  const link = names.map((name) => {
    if (name === mesh.me) return "self";
    // A link over which nothing comes reaches nobody.
    if (isSilent(name)) return "none";
    if (linkedNeighbour(mesh, name) !== undefined) return "near";
    return distanceTo(mesh, name) === undefined ? "none" : "far";
  });
  const linked = names.map((name) =>
    (links.get(name) ?? [])
      .filter((other) => (name !== mesh.me || !isSilent(other)) && (other !== mesh.me || !isSilent(name)))
      .map((other) => names.indexOf(other))
      .filter((at) => at >= 0),
  );
  const me = names.indexOf(mesh.me);
  return {
    ...{ names, link, heardAt, linked, parts: partsOf(linked, me) },
    count: link.filter((each) => each !== "none").length,
    isParted: link.some((each, at) => each === "none" && heardAt[at] !== undefined),
    wasMet: heardAt.some((at) => at !== undefined),
  };
}

function partsOf(linked: Reach["linked"], first: number): number[][] {
  const parts: number[][] = [];
  const places = [...linked.keys()].sort((left, right) => Number(right === first) - Number(left === first));
  const seen = new Set<number>();
  for (const place of places) {
    if (seen.has(place)) continue;
    const part = [place];
    seen.add(place);
    for (let at = 0; at < part.length; at++) {
      for (const other of linked[part[at]]) {
        if (seen.has(other)) continue;
        seen.add(other);
        part.push(other);
      }
    }
    parts.push(part.sort((left, right) => left - right));
  }
  return parts;
}
