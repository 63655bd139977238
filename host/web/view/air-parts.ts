/** The radios of this kiosk, and the air between all of them. */
import { SIGNAL_UNKNOWN_DBM } from "../../mesh/limits.ts";
import { peerTag } from "../../mesh/peer-name.ts";
import { connectivity } from "../../mesh/topology/connectivity.ts";
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

export function radiosPart({ radios }: SeenKiosk, past: Map<string, RadioPast>): Radio[] {
  return radios.reports().map(({ device: at, role, board, words, isUp, linkCount, counters }) => {
    const device = deviceText(at);
    const before = past.get(device) ?? { wasUp: false, reconnects: -1 };
    if (isUp && !before.wasUp) before.reconnects += 1;
    before.wasUp = isUp;
    past.set(device, before);
    return {
      ...{ device, board, build: null, state: isUp ? "up" : "waiting", isUp, words, role, links: linkCount },
      ...{ batteryPercent: null, power: null, uptimeMs: null, reconnects: Math.max(0, before.reconnects), counters },
    };
  });
}

export function meshPart({ node: { mesh, refused }, radios }: SeenKiosk, reach: Reach): MeshPart {
  const links = reach.linked.flatMap((others, from) =>
    others.map(
      (to): MeshLink => ({
        from,
        to,
        isUp: true,
        rssiDbm: signal(mesh, reach, from, to),
        loss: null,
        roundTripMs: null,
      }),
    ),
  );
  const bits = reach.linked.map((others) => others.reduce((set, other) => set | (1 << other), 0));
  const { sent, dropped, unknown } = radios.tally;
  return {
    ...{ links, parts: reach.parts, isPartitioned: reach.isParted },
    connectivity: bits.length < 2 ? 0 : connectivity(bits),
    ...{ sent, dropped, unknown, overtaken: 0, refused: { ...refused } },
  };
}

/** As the first of them says in its heartbeats. */
function signal(mesh: SeenKiosk["node"]["mesh"], { names }: Reach, from: number, to: number): number | null {
  const tag = hex(peerTag(names[to]));
  const seen = mesh.peers.get(names[from])?.view.find(({ peer }) => hex(peer) === tag)?.signal;
  return seen === undefined || seen === SIGNAL_UNKNOWN_DBM ? null : seen;
}
