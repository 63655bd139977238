/**
 * Links that keep a table together without any so many kiosks, found by taking some away and filling up again, a little better
 * each time or no worse. Every kiosk that asks the same gets the same answer: the chance in it has a fixed seed.
 */
import { type Chance, chance, drawBelow } from "../../../protocol/core/chance.ts";
import { bitsOf, cuts } from "./connectivity.ts";
import type { Casting } from "./radios.ts";

/** From who opens it to who accepts it. */
export type Edge = readonly [client: number, server: number];

export interface Wanted {
  /** By kiosk. */
  readonly castings: readonly (readonly Casting[])[];
  /** Stay as they are. */
  readonly frozen: readonly Edge[];
  readonly connectivity: number;
}

export interface Found {
  /** By kiosk, which of its castings. */
  readonly cast: readonly number[];
  readonly edges: readonly Edge[];
}

interface Draft {
  cast: number[];
  edges: Edge[];
}

/** A table of eight takes some dozen tries; what hundreds do not find is not there, as a search of everything shows for all
 * tables of the tests. */
const TRIES_MAX = 1_500;
const RESTART_AFTER = 150;

export function search(wanted: Wanted): Found | undefined {
  const balances = balancesOf(wanted.castings, wanted.connectivity);
  if (!balances[0].has(0)) return undefined;
  const chances = chance(SEED);
  let best = filled(wanted, begin(wanted, balances, chances), chances);
  let bestCuts = cutsOf(wanted, best);
  let sinceBetter = 0;
  for (let tries = 0; bestCuts > 0 && tries < TRIES_MAX; tries++) {
    const isFresh = sinceBetter === RESTART_AFTER;
    const next = filled(wanted, isFresh ? begin(wanted, balances, chances) : ruined(wanted, best, chances), chances);
    const nextCuts = cutsOf(wanted, next);
    sinceBetter = isFresh || nextCuts < bestCuts ? 0 : sinceBetter + 1;
    if (!isFresh && nextCuts > bestCuts) continue;
    best = next;
    bestCuts = nextCuts;
  }
  return bestCuts === 0 ? best : undefined;
}

/** By kiosk, the others that it has a link with. */
export function linksOf(count: number, edges: readonly Edge[]): number[] {
  const links: number[] = new Array(count).fill(0);
  for (const [client, server] of edges) {
    links[client] |= 1 << server;
    links[server] |= 1 << client;
  }
  return links;
}

const cutsOf = ({ castings, connectivity }: Wanted, { edges }: Draft): number =>
  cuts(linksOf(castings.length, edges), connectivity - 1);

/** With roles by which as many links can be opened as accepted, and each kiosk has enough. */
function begin({ castings, frozen, connectivity }: Wanted, balances: Balances, chances: Chance): Draft {
  const cast: number[] = [];
  let surplus = 0;
  for (let kiosk = 0; kiosk < castings.length; kiosk++) {
    const rest = balances[kiosk + 1];
    const fitting: (readonly [casting: number, surplus: number])[] = [];
    for (const [at, casting] of castings[kiosk].entries()) {
      for (const own of surplusesOf(casting, connectivity, castings.length - 1)) {
        if (rest.has(-(surplus + own))) fitting.push([at, own]);
      }
    }
    const [at, own] = fitting[drawBelow(chances, fitting.length)];
    cast.push(at);
    surplus += own;
  }
  return { cast, edges: [...frozen] };
}

/** By kiosk, by how much it and those after it can accept more links than they open, if each has enough. */
type Balances = readonly ReadonlySet<number>[];

function balancesOf(castings: Wanted["castings"], connectivity: number): Balances {
  const balances: Set<number>[] = [new Set([0])];
  for (let kiosk = castings.length - 1; kiosk >= 0; kiosk--) {
    const sums = new Set<number>();
    for (const casting of castings[kiosk]) {
      for (const own of surplusesOf(casting, connectivity, castings.length - 1)) {
        for (const rest of balances[0]) sums.add(own + rest);
      }
    }
    balances.unshift(sums);
  }
  return balances;
}

function surplusesOf({ accepts, opens }: Casting, connectivity: number, others: number): Set<number> {
  const surpluses = new Set<number>();
  for (let accepted = 0; accepted <= Math.min(accepts, others); accepted++) {
    const openedMin = Math.max(0, connectivity - accepted);
    for (let opened = openedMin; opened <= Math.min(opens, others - accepted); opened++)
      surpluses.add(accepted - opened);
  }
  return surpluses;
}

/** Without some links, and now and then with other roles for one kiosk, which costs it its links. */
function ruined({ castings, frozen }: Wanted, { cast, edges }: Draft, chances: Chance): Draft {
  const next = [...cast];
  let recast = -1;
  if (drawBelow(chances, 3) === 0) {
    recast = drawBelow(chances, castings.length);
    next[recast] = drawBelow(chances, castings[recast].length);
  }
  const share = 2 + drawBelow(chances, 4);
  const isKept = (edge: Edge): boolean =>
    frozen.includes(edge) || (!edge.includes(recast) && drawBelow(chances, share) > 0);
  return { cast: next, edges: edges.filter(isKept) };
}

/** With every link that there is room for, first for whoever has fewest. */
function filled({ castings }: Wanted, { cast, edges }: Draft, chances: Chance): Draft {
  const count = castings.length;
  const links = linksOf(count, edges);
  const opens = castings.map((options, kiosk) => options[cast[kiosk]].opens);
  const accepts = castings.map((options, kiosk) => options[cast[kiosk]].accepts);
  const out = [...edges];
  for (const [client, server] of edges) {
    opens[client] -= 1;
    accepts[server] -= 1;
  }
  for (;;) {
    let bestRank = Number.POSITIVE_INFINITY;
    let best: Edge | undefined;
    for (let client = 0; client < count; client++) {
      if (opens[client] <= 0) continue;
      for (let server = 0; server < count; server++) {
        if (server === client || accepts[server] <= 0 || (links[client] & (1 << server)) !== 0) continue;
        const rank = RANK_NOISE * (bitsOf(links[client]) + bitsOf(links[server])) + drawBelow(chances, 2 * RANK_NOISE);
        if (rank >= bestRank) continue;
        bestRank = rank;
        best = [client, server];
      }
    }
    if (best === undefined) return { cast: [...cast], edges: out };
    const [client, server] = best;
    out.push(best);
    opens[client] -= 1;
    accepts[server] -= 1;
    links[client] |= 1 << server;
    links[server] |= 1 << client;
  }
}

const SEED = 1;
const RANK_NOISE = 64;
