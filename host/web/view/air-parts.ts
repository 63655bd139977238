/** The radios of this kiosk, and the air between all of them. */
import { SIGNAL_UNKNOWN_DBM } from "../../mesh/limits.ts";
import { type PeerName, peerTag } from "../../mesh/peer-name.ts";
import type { Mesh } from "../../mesh/state.ts";
import { connectivity } from "../../mesh/topology/connectivity.ts";
import type { LinkHealth } from "../../node/radio-health.ts";
import { deviceText } from "../../radio/device-url.ts";
import type { MeshLink, MeshPart, Radio } from "../contract/radios-part.ts";
import { hex } from "./hex.ts";
import type { Reach } from "./reach.ts";
import type { SeenKiosk } from "./seen-kiosk.ts";

/** What is remembered of radios between two looks: by device. */
export interface RadioPast {
  wasUp: boolean;
  reconnects: number;
}

export function radiosPart(
  { radios }: SeenKiosk,
  past: Map<string, RadioPast>,
  dateOf: (at: number) => number,
): Radio[] {
  return radios.reports().map((report) => {
    const {
      device: at,
      role,
      board,
      build,
      words,
      isUp,
      linkCount,
      counters,
      batteryPercent,
      power,
      startedAt,
    } = report;
    const device = deviceText(at);
    const before = past.get(device) ?? { wasUp: false, reconnects: -1 };
    if (isUp && !before.wasUp) before.reconnects += 1;
    before.wasUp = isUp;
    past.set(device, before);
    return {
      ...{ device, board, build: build ?? null, state: isUp ? "up" : "waiting", isUp, words, role, links: linkCount },
      ...{ batteryPercent: batteryPercent ?? null, power: power ?? null, counters },
      ...{ since: startedAt === undefined ? null : dateOf(startedAt), reconnects: Math.max(0, before.reconnects) },
    };
  });
}

export function meshPart({ node: { mesh, refused }, radios }: SeenKiosk, reach: Reach): MeshPart {
  const own = ownLinks(mesh, radios);
  const links = reach.linked.flatMap((others, from) =>
    others.map((to): MeshLink => {
      const health = reach.names[from] === mesh.me ? own.get(reach.names[to]) : undefined;
      const rssiDbm = health?.rssiDbm ?? signal(mesh, reach, from, to);
      return {
        ...{ from, to, isUp: true, rssiDbm, loss: health?.loss ?? null },
        roundTripMs: health?.roundTripMs ?? null,
      };
    }),
  );
  const bits = reach.linked.map((others) => others.reduce((set, other) => set | (1 << other), 0));
  const { sent, dropped, unknown } = radios.tally;
  return {
    ...{ links, parts: reach.parts, isPartitioned: reach.isParted },
    connectivity: bits.length < 2 ? 0 : connectivity(bits),
    ...{ sent, dropped, unknown, overtaken: 0, refused: { ...refused } },
  };
}

/** As this kiosk's radios measure them: of several with one neighbour, the one that is carried by. */
export function ownLinks(mesh: Mesh, radios: SeenKiosk["radios"]): Map<PeerName, LinkHealth> {
  const found = new Map<PeerName, LinkHealth>();
  const health = new Map(radios.reports().flatMap(({ links }) => links.map((link) => [link.name, link] as const)));
  for (const { peer, links } of mesh.neighbours.values()) {
    const first = links.map((name) => health.get(name)).find((each) => each !== undefined);
    if (first !== undefined) found.set(peer, first);
  }
  return found;
}

/** As the first of them says in its heartbeats. */
function signal(mesh: SeenKiosk["node"]["mesh"], { names }: Reach, from: number, to: number): number | null {
  const tag = hex(peerTag(names[to]));
  const seen = mesh.peers.get(names[from])?.view.find(({ peer }) => hex(peer) === tag)?.signal;
  return seen === undefined || seen === SIGNAL_UNKNOWN_DBM ? null : seen;
}
