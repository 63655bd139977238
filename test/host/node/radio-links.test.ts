import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { noise } from "../../../host/crypto/noise.ts";
import { nameOfKey } from "../../../host/mesh/judge.ts";
import type { PeerName } from "../../../host/mesh/peer-name.ts";
import type { Part } from "../../../host/mesh/topology/part.ts";
import { meshPlan } from "../../../host/node/mesh-plan.ts";
import { nextDeadline, step } from "../../../host/node/radio-links.ts";
import {
  findLink,
  type RadioLink,
  type RadioLinks,
  type RadioLinksEffect,
  type RadioLinksEvent,
  radioLinks,
} from "../../../host/node/radio-links-state.ts";
import { type TableNames, tableNames } from "../../../host/node/radio-names.ts";
import type { News, Order, SessionEffect } from "../../../host/radio/events.ts";
import { type AdvertTag, advertTag } from "../../../host/secure/advert-tag.ts";
import { ROTATION_MS, ROTATION_SILENCE_MAX_MS } from "../../../host/secure/limits.ts";
import { CRITICAL } from "../../../protocol/core/packet-class.ts";
import { linkGeneration, millis } from "../../../protocol/core/units.ts";
import { Table } from "../../hardware/virtual/table.ts";

const KEY = new Uint8Array(32).fill(41);
const IDENTITIES = [...Array(8).keys()].map((kiosk) => new Uint8Array(32).fill(kiosk + 1));

const namesOf = (me: number, key = KEY): TableNames =>
  tableNames({ me, identities: IDENTITIES, key, own: new Uint8Array(32).fill(100 + me), ports: noise });

/** Of that kiosk, in the part of the mesh that the other has named. */
const tagOf = ({ key, tags, ports }: TableNames, kiosk: number, part: number, salt = 7): AdvertTag =>
  advertTag(key, new Uint8Array(4).fill(salt), tags[kiosk]!, 0x100 * tags[part]![0]! + tags[part]![1]!, ports);

const peerOf = (kiosk: number): PeerName => nameOfKey(IDENTITIES[kiosk]!);

/** The date when a test begins: long after one change of names, and long before the next. */
const WALL_MS = 1_000_000 * ROTATION_MS + ROTATION_MS / 2;

/** Until a session has proved who is there. */
const PROVED_AFTER_MS = 200;

/** Kiosks with the radios of their plan in one virtual air, in virtual time. */
function mesh(kiosks: number, errorRate = 0, isPlanned = true) {
  const own = [boards.esp32, boards.esp32];
  const { kiosks: plans } = meshPlan([...Array(kiosks)].map(() => own.map(({ ble }) => ble)));
  const states = plans.map(({ roles }, me) => radioLinks(namesOf(me), roles, { at: millis(0), wallMs: WALL_MS }, me));
  const table = new Table(
    plans.flatMap(() => own),
    { seed: 5, errorRate },
  );
  const places = plans.flatMap(({ roles }, kiosk) => roles.map((_, radio) => ({ kiosk, radio })));
  const told: { readonly kiosk: number; readonly type: "up" | "down"; readonly link: RadioLink }[] = [];
  /** By kiosk that hears: from whom, by its links. */
  const heard: string[] = [];
  const unproved: { readonly kiosk: number; readonly name: number; readonly since: number }[] = [];
  const host = (kiosk: number, radio: number): number =>
    places.findIndex((place) => place.kiosk === kiosk && place.radio === radio);
  table.on = (at: number, said: SessionEffect) => {
    const { kiosk, radio } = places[at]!;
    const of: RadioLinks = states[kiosk]!;
    if (said.type === "arrived") {
      const link = of.radios[radio]!.links.find(({ generation }) => generation === said.link);
      heard.push(`${kiosk} hears ${said.packet[0]} at the link to ${kioskOf(link)}`);
    }
    feed(kiosk, of, { type: "told", radio, said });
  };
  const orders: { readonly kiosk: number; readonly order: Order }[] = [];
  const feed = (kiosk: number, of: RadioLinks, event: RadioLinksEvent): void => {
    const effects: RadioLinksEffect[] = [];
    step(of, event, { at: table.now, wallMs: WALL_MS + table.now }, effects);
    for (const effect of effects) {
      if (effect.type === "order") {
        orders.push({ kiosk, order: effect.order });
        table.order(host(kiosk, effect.radio), effect.order);
      } else {
        told.push({ kiosk, type: effect.type, link: effect.link });
        if (effect.type === "up") unproved.push({ kiosk, name: effect.link.name, since: table.now });
      }
    }
  };
  const links = (): RadioLink[][] => states.map(({ radios }) => radios.flatMap(({ links }) => links));
  /** Whose radio is at its other end. */
  const kioskOf = (link: RadioLink | undefined): number =>
    states.findIndex(({ radios }) =>
      radios.some(({ address }) => address !== undefined && link !== undefined && isSame(address, link.other)),
    );
  const linked = (kiosk: number): number[] =>
    links()
      [kiosk]!.filter(({ peer }) => peer !== undefined)
      .map(kioskOf)
      .sort();
  /** What sessions and maps would say by now. */
  const know = (): void => {
    for (const each of unproved.splice(0)) {
      const link = findLink(states[each.kiosk]!, each.name);
      if (link === undefined) continue;
      if (table.now < each.since + PROVED_AFTER_MS) unproved.push(each);
      else feed(each.kiosk, states[each.kiosk]!, { type: "proved", link: each.name, key: IDENTITIES[kioskOf(link)]! });
    }
    for (const [me, of] of states.entries()) {
      const reached = new Set([me]);
      for (const at of reached) for (const other of linked(at)) reached.add(other);
      const names = [...reached].map(peerOf).sort();
      const isWhole = names.length === kiosks;
      const part: Part = { name: names[0]!, isWhole, opens: undefined, isFragile: false, loose: [] };
      feed(me, of, { type: "view", part, planned: isPlanned ? plans[me]!.opens.map(peerOf) : undefined });
    }
  };
  const run = (ms: number, done: () => boolean = () => false): boolean => {
    for (const until = table.now + ms; table.now < until; ) {
      if (table.run(Math.min(LOOK_MS, until - table.now), done)) return true;
      know();
    }
    return done();
  };
  /** As long, with all changes of names that fall due. */
  const rename = (ms: number): void => {
    for (const until = table.now + ms; table.now < until; ) {
      const due = Math.min(...states.map(nextDeadline)) - WALL_MS;
      table.run(Math.max(0, Math.min(until, due) - table.now));
      for (const [kiosk, of] of states.entries()) feed(kiosk, of, { type: "tick" });
    }
  };
  const drop = (kiosk: number, link: number): void => feed(kiosk, states[kiosk]!, { type: "drop", link });
  for (const at of places.keys()) table.plug(at);
  /** Each has a link to whom it opens one, and to who opens one to it. */
  const isWhole = (): boolean =>
    plans.every(({ opens }, me) => {
      const callers = [...plans.keys()].filter((other) => plans[other]!.opens.includes(me));
      return linked(me).join() === [...opens, ...callers].sort().join();
    });
  return { table, run, states, told, heard, orders, host, links, linked, kioskOf, isWhole, rename, drop };
}

const LOOK_MS = 100;

const isSame = (left: RadioLink["own"], right: RadioLink["own"]): boolean =>
  left.kind === right.kind && Buffer.compare(left.address, right.address) === 0;

describe("the radios of a plan", () => {
  it.each([3, 4, 5])(
    "make a ring of %i kiosks, and what one says over each link arrives at its other end",
    (kiosks) => {
      const { table, run, heard, host, links, linked, kioskOf, isWhole } = mesh(kiosks, 5e-4);
      expect(run(30_000, isWhole)).toBe(true);
      let id = 0;
      const expected: string[] = [];
      for (const [me, own] of links().entries()) {
        expect(linked(me).length).toBe(2);
        for (const link of own) {
          const { radio, generation } = link;
          const packet = new Uint8Array(300).fill(me);
          expected.push(`${kioskOf(link)} hears ${me} at the link to ${me}`);
          table.tell(host(me, radio), { type: "send", id: id++, link: generation, class: CRITICAL, packet });
        }
      }
      run(5000, () => heard.length === id);
      expect(heard.sort()).toEqual(expected.sort());
    },
  );

  it("find each other without a plan, and end in one ring", () => {
    const { run, linked } = mesh(4, 0, false);
    expect(run(60_000, () => [0, 1, 2, 3].every((me) => linked(me).length === 2))).toBe(true);
  });

  it("listen for nobody once all that they want are linked", () => {
    const { run, orders, isWhole } = mesh(4);
    expect(run(30_000, isWhole)).toBe(true);
    run(1000);
    for (const kiosk of [0, 1, 2, 3]) {
      const scans = orders.filter((each) => each.kiosk === kiosk && each.order.type === "scan");
      expect(scans.at(-1)!.order).toMatchObject({ on: false });
    }
  });

  it("look for a neighbour again whose board lost its supply, and each link has a name of its own", () => {
    const { table, run, told, isWhole } = mesh(4);
    expect(run(20_000, isWhole)).toBe(true);
    for (let board = 0; board < 4; board++) {
      table.happen({ type: "brownOut", board });
      run(8000, () => !isWhole());
      expect(isWhole()).toBe(false);
      expect(run(60_000, isWhole)).toBe(true);
    }
    for (const kiosk of [0, 1, 2, 3]) {
      const own = told.filter((each) => each.kiosk === kiosk);
      const ups = own.filter(({ type }) => type === "up").map(({ link }) => link.name);
      expect(new Set(ups).size).toBe(ups.length);
      // Whatever went down had been up, and one that came back had gone.
      expect(own.filter(({ type }) => type === "down").length).toBe(ups.length - 2);
    }
  });

  it("find a kiosk again whose host was gone for a while", () => {
    const { table, run, host, isWhole } = mesh(4);
    expect(run(20_000, isWhole)).toBe(true);
    const radios = [0, 1].map((radio) => host(1, radio));
    for (const at of radios) table.tell(at, { type: "unplugged" });
    run(4000);
    expect(isWhole()).toBe(false);
    for (const at of radios) table.plug(at);
    expect(run(30_000, isWhole)).toBe(true);
  });

  it("are all called by one name, and by no number of a kiosk or of its part [I13]", () => {
    const { run, orders, isWhole } = mesh(4);
    expect(run(20_000, isWhole)).toBe(true);
    const started = orders.flatMap(({ order }) => (order.type === "start" ? [order.name] : []));
    expect(started.length).toBe(8);
    expect(new Set(started)).toEqual(new Set(["hardway"]));
    const tags = orders.flatMap(({ order }) => (order.type === "advertise" && order.on ? [order.advert] : []));
    expect(tags.length).toBeGreaterThanOrEqual(4);
    // Each radio has a salt of its own: nothing in two adverts is the same, not of one kiosk either.
    for (const field of ["kiosk", "component"] as const) {
      const said = new Set(tags.map((tag) => Buffer.from(tag[field]).toString("hex")));
      // The salt stays when a kiosk enters another part; what it hides does not.
      expect(said.size).toBe(field === "kiosk" ? 4 : tags.length);
    }
  });

  it("change their names together after a silence, and keep their links; who looks for them then finds them [I13]", () => {
    const { table, run, orders, told, isWhole, rename } = mesh(4);
    expect(run(20_000, isWhole)).toBe(true);
    const names = (): Set<string> =>
      new Set(
        orders
          .splice(0)
          .flatMap(({ order }) =>
            order.type === "advertise" && order.on ? [Buffer.from(order.advert.kiosk).toString("hex")] : [],
          ),
      );
    const before = names();
    rename(ROTATION_MS / 2 - table.now - 1);
    expect(names().size).toBe(0);
    rename(2);
    const silent = orders.filter(({ order }) => order.type === "advertise" && !order.on);
    expect(silent.length).toBe(4);
    rename(ROTATION_SILENCE_MAX_MS);
    const after = names();
    expect(after.size).toBe(4);
    for (const name of after) expect(before.has(name)).toBe(false);
    expect(isWhole()).toBe(true);
    expect(told.filter(({ type }) => type === "down")).toEqual([]);
    table.happen({ type: "brownOut", board: 2 });
    run(8000, () => !isWhole());
    expect(run(60_000, isWhole)).toBe(true);
  }, 60_000);

  it("end a link that is dropped, and are free for it again", () => {
    const { run, told, links, isWhole, drop } = mesh(2);
    expect(run(20_000, isWhole)).toBe(true);
    run(3000);
    drop(0, links()[0]![0]!.name);
    expect(run(5000, () => told.filter(({ type }) => type === "down").length === 2)).toBe(true);
    expect(run(20_000, isWhole)).toBe(true);
  });

  it("know both ends of a link by their addresses, the same at either end; who opens it knows whom to expect", () => {
    const { run, links, kioskOf, isWhole } = mesh(4);
    expect(run(20_000, isWhole)).toBe(true);
    for (const [me, own] of links().entries()) {
      for (const link of own) {
        const back = links()[kioskOf(link)]!.find((each) => kioskOf(each) === me)!;
        expect([link.own, link.other]).toEqual([back.other, back.own]);
        expect([link.role, back.role].sort()).toEqual(["client", "server"]);
        expect(link.expected).toEqual(link.role === "client" ? IDENTITIES[kioskOf(link)] : undefined);
      }
    }
  });

  it("dial nobody but whom they want, one after the other, and whom they lost soon not at once", () => {
    let now = { at: millis(0), wallMs: WALL_MS };
    const of = radioLinks(namesOf(0), ["client"], now, 1);
    const feed = (event: RadioLinksEvent): readonly Order[] => {
      const effects: RadioLinksEffect[] = [];
      step(of, event, now, effects);
      return effects.flatMap((effect) => (effect.type === "order" ? [effect.order] : []));
    };
    const wait = (ms: number): void => {
      now = { at: millis(now.at + ms), wallMs: now.wallMs + ms };
    };
    const tell = (report: News): readonly Order[] => feed({ type: "told", radio: 0, said: { type: "news", report } });
    const peer = (kiosk: number) => ({ kind: "random", address: new Uint8Array(6).fill(kiosk) }) as const;
    const hear = (kiosk: number, names = namesOf(0)): readonly Order[] => {
      const advert = { version: 1, flags: 0, ...tagOf(names, kiosk, kiosk) };
      return tell({ type: "discovered", peer: peer(kiosk), rssi: -40, advert });
    };
    const hello = { address: peer(0), linksAsClient: 2, linksAsServer: 1 } as never;
    feed({ type: "told", radio: 0, said: { type: "up", hello, rebooted: true } });
    expect(tell({ type: "ready", role: "client" } as never)).toMatchObject([{ type: "scan", on: true }]);
    const part: Part = { name: peerOf(0), isWhole: false, opens: undefined, isFragile: false, loose: [] };
    feed({ type: "view", part, planned: [1, 2].map(peerOf) });
    expect(hear(3)).toEqual([]);
    // Of another table.
    expect(hear(1, namesOf(0, new Uint8Array(32).fill(42)))).toEqual([]);
    expect(hear(1)).toEqual([{ type: "connect", to: peer(1) }]);
    expect(hear(2)).toEqual([]);
    tell({ type: "linkUp", link: linkGeneration(1), role: "client", peer: peer(1) });
    // Nobody is proved to be there, and until then nothing else is dialled.
    expect(hear(2)).toEqual([]);
    feed({ type: "proved", link: 1, key: IDENTITIES[1]! });
    expect(hear(1)).toEqual([]);
    expect(hear(2)).toEqual([{ type: "connect", to: peer(2) }]);
    // Not made: it may be tried again, after a while of chance.
    tell({ type: "notConnected", to: peer(2), why: "failed" });
    expect(hear(2)).toEqual([]);
    wait(3000);
    expect(hear(2)).toEqual([{ type: "connect", to: peer(2) }]);
    tell({ type: "linkUp", link: linkGeneration(2), role: "client", peer: peer(2) });
    feed({ type: "proved", link: 2, key: IDENTITIES[2]! });
    // It ends as soon as it is there: not again at once, but the other when its link ends after a while.
    tell({ type: "linkDown", link: linkGeneration(2), reason: "remote" });
    expect(hear(2)).toEqual([]);
    tell({ type: "linkDown", link: linkGeneration(1), reason: "remote" });
    expect(hear(1)).toEqual([{ type: "connect", to: peer(1) }]);
  });
});
