/** Which radios of a group a point links: the first links of a fixed order, so that a point means the same in every run. */
import type { HardwareMap, MapRadio } from "./hardware-map.ts";
import type { Plan, Point } from "./plan.ts";

export interface Edge {
  readonly server: MapRadio;
  readonly client: MapRadio;
}

export type Choice =
  | { readonly ok: true; readonly edges: readonly Edge[]; readonly radios: readonly MapRadio[] }
  /** The bench as it stands does not have that. */
  | { readonly ok: false; readonly status: "skipped" | "quarantined"; readonly why: string };

/** Servers in the map's order, each with as many clients as it holds. */
export function edgesOf(map: HardwareMap, group: string): Edge[] {
  const members = map.radios.filter((radio) => radio.group === group);
  const free = new Map(members.map((radio) => [radio.name, linksMax(radio)]));
  const edges: Edge[] = [];
  for (const server of members.filter(({ role }) => role === "server")) {
    for (const client of members.filter(({ role }) => role === "client")) {
      const left = [free.get(server.name) ?? 0, free.get(client.name) ?? 0];
      if (left[0] === 0 || left[1] === 0) continue;
      free.set(server.name, left[0] - 1);
      free.set(client.name, left[1] - 1);
      edges.push({ server, client });
    }
  }
  return edges;
}

export function chooseEdges(map: HardwareMap, plan: Plan, point: Point): Choice {
  const all = edgesOf(map, point.group);
  if (point.links > all.length) {
    return skipped(`the boards of group "${point.group}" can have ${all.length} links between them`);
  }
  const edges = all.slice(0, point.links);
  const radios = [...new Set(edges.flatMap(({ server, client }) => [server, client]))];
  for (const radio of radios) {
    const { name, facts, fixtures, quarantine } = radio;
    if (quarantine !== undefined) return { ok: false, status: "quarantined", why: `${name}: ${quarantine}` };
    const missing = plan.requires.find((fixture) => !fixtures.includes(fixture));
    if (missing !== undefined) return skipped(`${name} has no fixture "${missing}"`);
    if (point.baud !== undefined && !facts.bauds.includes(point.baud)) {
      return skipped(`${name} (${facts.name}) offers ${facts.bauds.join(", ")} baud`);
    }
  }
  if (point.attenuationDb > 0 && attenuated(edges) === undefined) {
    return skipped("neither all its servers nor all its clients have an attenuator");
  }
  return { ok: true, edges, radios };
}

/** One end of each link: both would weaken it twice. */
export function attenuated(edges: readonly Edge[]): MapRadio[] | undefined {
  for (const end of ["server", "client"] as const) {
    const radios = [...new Set(edges.map((edge) => edge[end]))];
    if (radios.every(({ attenuator }) => attenuator !== "none")) return radios;
  }
  return undefined;
}

const linksMax = ({ role, facts: { ble } }: MapRadio): number =>
  role === "server" ? ble.linksAsServer : ble.linksAsClient;

const skipped = (why: string): Choice => ({ ok: false, status: "skipped", why });
