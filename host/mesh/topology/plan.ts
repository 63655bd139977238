/**
 * Which radio opens which link to which: as many kiosks as possible may fall silent, and the rest still hear each other. Every
 * host of a table reckons it from the same boards and comes to the same plan; where the boards' links do not allow what the
 * table's faults ask for, the plan says so.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { connectivity, cuts, KIOSKS_MAX } from "./connectivity.ts";
import { acceptsAs, type Casting, castings, type KioskRadios, opensAs, type Role } from "./radios.ts";
import { type Edge, linksOf, search } from "./search.ts";

export interface RadioPlace {
  readonly kiosk: number;
  readonly radio: number;
}

export interface PlannedLink {
  readonly client: RadioPlace;
  readonly server: RadioPlace;
}

export interface TopologyPlan {
  /** By kiosk and radio. */
  readonly roles: readonly (readonly Role[])[];
  readonly links: readonly PlannedLink[];
  /** Whichever so many kiosks fall silent, less one, the others hear each other. */
  readonly connectivity: number;
  /** That the table bears, and whether its links do. */
  readonly faults: number;
  readonly bearsFaults: boolean;
}

/** `standing`: links that work, by the same kiosks; they stay unless the table could not bear its faults with them. */
export function plan(kiosks: readonly KioskRadios[], standing: readonly PlannedLink[] = []): TopologyPlan {
  const count = kiosks.length;
  assert(count >= 1 && count <= KIOSKS_MAX, "a table has kiosks, and not too many");
  const faults = Math.floor((count - 1) / 3);
  const needed = Math.min(faults + 1, count - 1);
  const kept = standing.map(({ client, server }): Edge => [client.kiosk, server.kiosk]);

  let found = kept.length > 0 ? largest(kiosks, kept) : undefined;
  if (found === undefined || found.connectivity < needed) {
    const anew = largest(
      kiosks.map(({ radios }) => ({ radios })),
      [],
    );
    if (anew !== undefined && anew.connectivity > (found?.connectivity ?? -1)) found = anew;
  }
  if (found === undefined) return nothing(kiosks, faults);
  const { cast, edges, connectivity: reached } = found;
  const roles = cast.map((casting) => casting.roles);
  const links = onRadios(kiosks, roles, edges, standing);
  return { roles, links, connectivity: reached, faults, bearsFaults: reached >= needed };
}

/** For people. */
export function planInWords({ connectivity, faults, bearsFaults }: TopologyPlan): string {
  if (connectivity === 0) return "The radios do not suffice to link all kiosks.";
  const bears =
    connectivity === 1
      ? ""
      : `, and still hear each other when any ${connectivity === 2 ? "one" : connectivity - 1} of them fall${connectivity === 2 ? "s" : ""} silent`;
  if (bearsFaults) return `All kiosks are linked${bears}.`;
  return `All kiosks are linked${bears}; the table should bear ${faults}: more radios are wanted, or boards with more links.`;
}

interface Largest {
  readonly cast: readonly Casting[];
  readonly edges: readonly Edge[];
  readonly connectivity: number;
}

function largest(kiosks: readonly KioskRadios[], kept: readonly Edge[]): Largest | undefined {
  const options = kiosks.map(castings);
  if (options.some((each) => each.length === 0)) return undefined;
  const count = kiosks.length;
  for (let wanted = mostAsked(options); wanted > 0; wanted--) {
    // Who opens as many as it accepts can take the place of any other that is lost.
    for (const castings of [options.map((each) => each.slice(0, 1)), options]) {
      const found = search({ castings, frozen: kept, connectivity: wanted });
      if (found === undefined) continue;
      const edges = pruned(count, found.edges, kept, wanted);
      const cast = found.cast.map((at, kiosk) => castings[kiosk][at]);
      return { cast, edges, connectivity: connectivity(linksOf(count, edges)) };
    }
  }
  const cast = options.map((each) => each[0]);
  return { cast, edges: [...kept], connectivity: connectivity(linksOf(count, kept)) };
}

/** Ways to take kiosks away that one look may go through. */
const LOOK_MAX = 5_000;

function mostAsked(options: readonly (readonly Casting[])[]): number {
  const count = options.length;
  const least = Math.min(...options.map((each) => Math.max(...each.map(({ accepts, opens }) => accepts + opens))));
  let most = Math.min(count - 1, least);
  const ways = (taken: number): number => {
    let product = 1;
    for (let i = 0; i < taken; i++) product = (product * (count - i)) / (i + 1);
    return product;
  };
  while (most > 1 && ways(most - 1) > LOOK_MAX) most -= 1;
  return most;
}

/** Without what is not needed: a radio that is free takes in whoever comes. */
function pruned(count: number, edges: readonly Edge[], kept: readonly Edge[], wanted: number): Edge[] {
  let out = [...edges];
  for (const edge of edges) {
    if (kept.includes(edge)) continue;
    const without = out.filter((each) => each !== edge);
    if (cuts(linksOf(count, without), wanted - 1) === 0) out = without;
  }
  return out;
}

/** Links that stand keep their radios; the others take what is free, in order. */
function onRadios(
  kiosks: readonly KioskRadios[],
  roles: readonly (readonly Role[])[],
  edges: readonly Edge[],
  standing: readonly PlannedLink[],
): PlannedLink[] {
  const opens = kiosks.map(({ radios }, kiosk) => radios.map((radio, at) => opensAs(radio, roles[kiosk][at])));
  const accepts = kiosks.map(({ radios }, kiosk) => radios.map((radio, at) => acceptsAs(radio, roles[kiosk][at])));
  const links: PlannedLink[] = [];
  const isStanding = (link: PlannedLink): boolean =>
    edges.some(([client, server]) => client === link.client.kiosk && server === link.server.kiosk) &&
    opens[link.client.kiosk][link.client.radio] > 0 &&
    accepts[link.server.kiosk][link.server.radio] > 0;
  for (const link of standing) {
    if (!isStanding(link)) continue;
    opens[link.client.kiosk][link.client.radio] -= 1;
    accepts[link.server.kiosk][link.server.radio] -= 1;
    links.push(link);
  }
  for (const [client, server] of edges) {
    if (links.some((link) => link.client.kiosk === client && link.server.kiosk === server)) continue;
    const opener = opens[client].findIndex((free) => free > 0);
    const accepter = accepts[server].findIndex((free) => free > 0);
    assert(opener >= 0 && accepter >= 0, "a plan has a radio for each end of a link");
    opens[client][opener] -= 1;
    accepts[server][accepter] -= 1;
    links.push({ client: { kiosk: client, radio: opener }, server: { kiosk: server, radio: accepter } });
  }
  return links;
}

const nothing = (kiosks: readonly KioskRadios[], faults: number): TopologyPlan => ({
  roles: kiosks.map(({ radios }) => radios.map(({ server }): Role => (server ? "server" : "client"))),
  ...{ links: [], connectivity: 0, faults, bearsFaults: kiosks.length === 1 },
});
