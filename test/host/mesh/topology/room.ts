/** A room full of kiosks that dial: adverts are heard by chance, connections take time and fail where a radio is taken, and each
 * kiosk's picture of the mesh is some seconds old. */
import { boards } from "../../../../hardware/boards/boards.ts";
import type { PeerName } from "../../../../host/mesh/peer-name.ts";
import { connectivity } from "../../../../host/mesh/topology/connectivity.ts";
import { step, wantsLinks } from "../../../../host/mesh/topology/dial.ts";
import { type DialEffect, type Dialler, dialler } from "../../../../host/mesh/topology/dial-state.ts";
import type { Part } from "../../../../host/mesh/topology/part.ts";
import type { Role } from "../../../../host/mesh/topology/radios.ts";
import { linksOf } from "../../../../host/mesh/topology/search.ts";
import { type Chance, chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { kioskOf, nameOf } from "../letters.ts";

export interface RoomRadio {
  readonly role: Role;
  readonly linksMax: number;
}

export interface RoomOptions {
  readonly kiosks: readonly (readonly RoomRadio[])[];
  readonly seed: number;
  /** By kiosk, whom it opens links to. */
  readonly planned?: readonly (readonly number[])[];
  /** Since when all know the plan; else from the beginning. */
  readonly plannedFromMs?: number;
  /** Until then the table is those of this plan, the first of all, and the others are not there. */
  readonly plannedBefore?: readonly (readonly number[])[];
  /** Pairs that do not hear each other. */
  readonly deaf?: (left: number, right: number) => boolean;
  /** Answers any advert with a call, as radios alone would. */
  readonly independent?: boolean;
}

export interface RoomLink {
  readonly name: number;
  readonly client: readonly [kiosk: number, radio: number];
  readonly server: readonly [kiosk: number, radio: number];
}

export interface Room {
  readonly options: RoomOptions;
  readonly chance: Chance;
  readonly diallers: Dialler[];
  links: RoomLink[];
  readonly calls: {
    readonly at: number;
    readonly from: readonly [number, number];
    readonly to: readonly [number, number];
  }[];
  readonly away: Set<number>;
  now: number;
  nextName: number;
  closed: number;
}

const STEP_MS = 100;
const { nrf52 } = boards;
export const STOCK_PAIR: readonly RoomRadio[] = [
  { role: "server", linksMax: nrf52.ble.linksAsServer },
  { role: "client", linksMax: nrf52.ble.linksAsClient },
];

export function room(options: RoomOptions): Room {
  const made: Room = {
    ...{ options, chance: chance(options.seed), links: [], calls: [], away: new Set() },
    ...{ now: 0, nextName: 1, closed: 0 },
    diallers: options.kiosks.map((_, kiosk) => dialler(nameOf(kiosk), millis(0), options.seed * 100 + kiosk)),
  };
  for (const [kiosk, radios] of options.kiosks.entries()) {
    for (const [radio, { role, linksMax }] of radios.entries()) {
      step(made.diallers[kiosk], { type: "started", at: millis(0), radio, role, linksMax }, []);
    }
    if (kiosk >= memberCount(made)) made.away.add(kiosk);
    else
      step(
        made.diallers[kiosk],
        { type: "view", at: millis(0), part: partOf(made, kiosk), planned: planOf(made, kiosk) },
        [],
      );
  }
  return made;
}

const isPlanned = ({ now, options }: Room): boolean => now >= (options.plannedFromMs ?? 0);

const memberCount = (made: Room): number =>
  (isPlanned(made) ? undefined : made.options.plannedBefore?.length) ?? made.diallers.length;

function planOf(made: Room, kiosk: number): PeerName[] | undefined {
  const { planned, plannedBefore } = made.options;
  return (isPlanned(made) ? planned : plannedBefore)?.[kiosk].map(nameOf);
}

export function runUntil(made: Room, time: number): void {
  while (made.now < time) {
    const before = memberCount(made);
    made.now += STEP_MS;
    for (let kiosk = before; kiosk < memberCount(made); kiosk++) made.away.delete(kiosk);
    answerCalls(made);
    hearAdverts(made);
    look(made);
  }
}

export function leave(made: Room, kiosk: number): void {
  made.away.add(kiosk);
  for (const link of made.links) if (link.client[0] === kiosk || link.server[0] === kiosk) hangUp(made, link);
}

export const edges = ({ links }: Room): (readonly [number, number])[] =>
  links.map(({ client, server }) => [client[0], server[0]] as const);

function radioOf(made: Room, [kiosk, radio]: readonly [number, number]) {
  const found = made.diallers[kiosk].radios.get(radio);
  if (found === undefined) throw new Error("a radio is started");
  return found;
}

function hearAdverts(made: Room): void {
  const { options, diallers } = made;
  const servers = everyRadio(made).filter((place) => wantsLinks(radioOf(made, place)).advertise);
  for (const from of everyRadio(made)) {
    if (!wantsLinks(radioOf(made, from)).scan || servers.length === 0) continue;
    const to = servers[drawBelow(made.chance, servers.length)];
    // A scan is deaf most of the time.
    if (draw(made.chance) > 0.3 || options.deaf?.(from[0], to[0])) continue;
    if (options.independent) {
      const isOwn =
        to[0] === from[0] || made.links.some((link) => link.client[0] === from[0] && link.server[0] === to[0]);
      if (isOwn) continue;
      radioOf(made, from).dialling = nameOf(to[0]);
      call(made, from, to);
      continue;
    }
    const effects: DialEffect<readonly [number, number]>[] = [];
    const kiosk = nameOf(to[0]);
    const part = diallers[to[0]].part.name;
    step(
      diallers[from[0]],
      { type: "advert", at: millis(made.now), radio: from[1], address: to, kiosk, part },
      effects,
    );
    perform(made, from[0], effects);
  }
}

function call(made: Room, from: readonly [number, number], to: readonly [number, number]): void {
  made.calls.push({ at: made.now + 100 + draw(made.chance) * 600, from, to });
}

function answerCalls(made: Room): void {
  for (const each of made.calls.filter(({ at }) => at <= made.now)) {
    made.calls.splice(made.calls.indexOf(each), 1);
    const { from, to } = each;
    const isTaken = radioOf(made, to).links.length >= radioOf(made, to).linksMax;
    if (isTaken || made.away.has(to[0]) || made.away.has(from[0]) || draw(made.chance) < 0.1) {
      step(made.diallers[from[0]], { type: "notConnected", at: millis(made.now), radio: from[1] }, []);
      continue;
    }
    const link: RoomLink = { name: made.nextName++, client: from, server: to };
    made.links.push(link);
    for (const [here, there, isOpener] of [
      [from, to, true],
      [to, from, false],
    ] as const) {
      const effects: DialEffect<readonly [number, number]>[] = [];
      const peer = nameOf(there[0]);
      const event = { type: "linkUp", at: millis(made.now), radio: here[1], link: link.name, peer, isOpener } as const;
      step(made.diallers[here[0]], event, effects);
      if (!made.options.independent) perform(made, here[0], effects);
    }
  }
}

function perform(made: Room, kiosk: number, effects: readonly DialEffect<readonly [number, number]>[]): void {
  for (const effect of effects) {
    if (effect.type === "connect") call(made, [kiosk, effect.radio], effect.address);
    else {
      const link = made.links.find(({ name }) => name === effect.link);
      if (link !== undefined) {
        made.closed += 1;
        hangUp(made, link);
      }
    }
  }
}

function hangUp(made: Room, link: RoomLink): void {
  made.links = made.links.filter((each) => each !== link);
  for (const [kiosk] of [link.client, link.server]) {
    step(made.diallers[kiosk], { type: "linkDown", at: millis(made.now), link: link.name }, []);
  }
}

function look(made: Room): void {
  // A heartbeat shows how things are, to who hears it.
  if (made.now % 1_000 !== 0) return;
  for (const [kiosk, of] of made.diallers.entries()) {
    if (draw(made.chance) < 0.6 || made.away.has(kiosk)) continue;
    const effects: DialEffect<readonly [number, number]>[] = [];
    step(of, { type: "view", at: millis(made.now), part: partOf(made, kiosk), planned: planOf(made, kiosk) }, effects);
    perform(made, kiosk, effects);
  }
}

function partOf(made: Room, kiosk: number): Part {
  const near = (here: number): number[] =>
    made.links.flatMap(({ client, server }) =>
      client[0] === here ? [server[0]] : server[0] === here ? [client[0]] : [],
    );
  const reached = [kiosk];
  for (const here of reached) for (const next of near(here)) if (!reached.includes(next)) reached.push(next);
  const names = reached.map(nameOf).sort();
  const isWhole = reached.length === memberCount(made);
  const isRing = names.length > 2 && reached.every((here) => near(here).length === 2);
  const highest = kioskOf(names[names.length - 1]);
  const [first, second] = near(highest).map(nameOf).sort().reverse();
  const opens: readonly [PeerName, PeerName] | undefined =
    isWhole || !isRing || second === undefined ? undefined : [nameOf(highest), first];
  const bears = (pairs: readonly (readonly [number, number])[]): number => {
    const within = pairs.filter(([left]) => reached.includes(left));
    const places = within.map(([left, right]) => [reached.indexOf(left), reached.indexOf(right)] as const);
    return connectivity(linksOf(reached.length, places));
  };
  const isFragile = isWhole && reached.length > 2 && bears(edges(made)) === 1;
  const without = (other: number) => edges(made).filter((pair) => !(pair.includes(kiosk) && pair.includes(other)));
  const loose = isFragile || !isWhole ? near(kiosk).filter((other) => bears(without(other)) > 0) : [];
  return { name: names[0], isWhole, opens, isFragile, loose: loose.map(nameOf) };
}

const everyRadio = (made: Room): (readonly [number, number])[] =>
  made.options.kiosks.flatMap((radios, kiosk) =>
    made.away.has(kiosk) ? [] : radios.map((_, radio) => [kiosk, radio] as const),
  );
