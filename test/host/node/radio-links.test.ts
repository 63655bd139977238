import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { noise } from "../../../host/crypto/noise.ts";
import { meshPlan } from "../../../host/node/mesh-plan.ts";
import {
  nextDeadline,
  type RadioLink,
  type RadioLinks,
  type RadioLinksEffect,
  type RadioLinksEvent,
  radioLinks,
  step,
} from "../../../host/node/radio-links.ts";
import { type TableNames, tableNames } from "../../../host/node/radio-names.ts";
import type { News, Order, SessionEffect } from "../../../host/radio/events.ts";
import { type AdvertTag, advertTag } from "../../../host/secure/advert-tag.ts";
import { ROTATION_MS, ROTATION_SILENCE_MAX_MS } from "../../../host/secure/limits.ts";
import { CRITICAL } from "../../../protocol/core/packet-class.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import { Table } from "../../hardware/virtual/table.ts";

const KEY = new Uint8Array(32).fill(41);
const IDENTITIES = [...Array(8).keys()].map((kiosk) => new Uint8Array(32).fill(kiosk + 1));

const namesOf = (me: number, key = KEY): TableNames =>
  tableNames({ me, identities: IDENTITIES, key, own: new Uint8Array(32).fill(100 + me), ports: noise });

/** Of that kiosk, for the one that it waits for. */
const tagOf = ({ key, tags, ports }: TableNames, kiosk: number, awaits: number, salt = 7): AdvertTag =>
  advertTag(key, new Uint8Array(4).fill(salt), tags[kiosk]!, awaits, ports);

/** The date when a test begins: long after one change of names, and long before the next. */
const WALL_MS = 1_000_000 * ROTATION_MS + ROTATION_MS / 2;

/** Kiosks with the radios of their plan in one virtual air, in virtual time. */
function mesh(kiosks: number, errorRate = 0) {
  const plans = meshPlan(kiosks);
  const states = plans.map((own, me) => radioLinks(namesOf(me), own, WALL_MS));
  const table = new Table(
    plans.flat().map(() => boards.esp32),
    { seed: 5, errorRate },
  );
  const places = plans.flatMap((own, kiosk) => own.map((_, radio) => ({ kiosk, radio })));
  const told: { readonly kiosk: number; readonly type: "up" | "down"; readonly link: RadioLink }[] = [];
  /** By kiosk that hears: from whom, by its links. */
  const heard: string[] = [];
  const host = (kiosk: number, radio: number): number =>
    places.findIndex((place) => place.kiosk === kiosk && place.radio === radio);
  table.on = (at: number, said: SessionEffect) => {
    const { kiosk, radio } = places[at]!;
    const of: RadioLinks = states[kiosk]!;
    if (said.type === "arrived") {
      const link = of.radios[radio]!.links.find(({ generation }) => generation === said.link);
      heard.push(`${kiosk} hears ${said.packet[0]} at the link to ${link?.kiosk}`);
    }
    feed(kiosk, of, { type: "told", radio, said });
  };
  const orders: { readonly kiosk: number; readonly order: Order }[] = [];
  const feed = (kiosk: number, of: RadioLinks, event: RadioLinksEvent): void => {
    const effects: RadioLinksEffect[] = [];
    step(of, event, WALL_MS + table.now, effects);
    for (const effect of effects) {
      if (effect.type === "order") {
        orders.push({ kiosk, order: effect.order });
        table.order(host(kiosk, effect.radio), effect.order);
      } else told.push({ kiosk, type: effect.type, link: effect.link });
    }
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
  const links = (): RadioLink[][] => states.map(({ radios }) => radios.flatMap(({ links }) => links));
  const isWhole = (): boolean =>
    links().every(
      (own, me) =>
        own
          .map(({ kiosk }) => kiosk)
          .sort()
          .join() === others(kiosks, me).join(),
    );
  return { table, states, told, heard, orders, host, links, isWhole, rename, drop };
}

const others = (kiosks: number, me: number): number[] => [...Array(kiosks).keys()].filter((other) => other !== me);

describe("the radios of a plan", () => {
  it.each([2, 3, 4, 5])(
    "bring a link to every pair of %i kiosks, and what one says over each arrives there",
    (kiosks) => {
      const { table, heard, host, links, isWhole } = mesh(kiosks, 5e-4);
      expect(table.run(20_000, isWhole)).toBe(true);
      let id = 0;
      for (const [me, own] of links().entries()) {
        for (const { radio, generation } of own) {
          const packet = new Uint8Array(300).fill(me);
          table.tell(host(me, radio), { type: "send", id: id++, link: generation, class: CRITICAL, packet });
        }
      }
      table.run(5000, () => heard.length === id);
      const expected = [...Array(kiosks).keys()].flatMap((me) =>
        others(kiosks, me).map((other) => `${me} hears ${other} at the link to ${other}`),
      );
      expect(heard.sort()).toEqual(expected.sort());
    },
  );

  it("look for a neighbour again whose board lost its supply, and each link has a name of its own", () => {
    const { table, told, isWhole } = mesh(4);
    expect(table.run(20_000, isWhole)).toBe(true);
    for (let board = 0; board < 4; board++) {
      table.happen({ type: "brownOut", board });
      table.run(8000, () => !isWhole());
      expect(isWhole()).toBe(false);
      expect(table.run(60_000, isWhole)).toBe(true);
    }
    for (const kiosk of [0, 1, 2, 3]) {
      const own = told.filter((each) => each.kiosk === kiosk);
      const ups = own.filter(({ type }) => type === "up").map(({ link }) => link.name);
      expect(new Set(ups).size).toBe(ups.length);
      // Whatever went down had been up, and one that came back had gone.
      expect(own.filter(({ type }) => type === "down").length).toBe(ups.length - 3);
    }
  });

  it("find a kiosk again whose host was gone for a while", () => {
    const { table, host, isWhole } = mesh(4);
    expect(table.run(20_000, isWhole)).toBe(true);
    const radios = [0, 1].map((radio) => host(1, radio));
    for (const at of radios) table.tell(at, { type: "unplugged" });
    table.run(4000);
    expect(isWhole()).toBe(false);
    for (const at of radios) table.plug(at);
    expect(table.run(30_000, isWhole)).toBe(true);
  });

  it("are all called by one name, and by no number of a kiosk or of whom it waits for [I13]", () => {
    const { table, orders, isWhole } = mesh(4);
    expect(table.run(20_000, isWhole)).toBe(true);
    const started = orders.flatMap(({ order }) => (order.type === "start" ? [order.name] : []));
    expect(started.length).toBe(9);
    expect(new Set(started)).toEqual(new Set(["hardway"]));
    const tags = orders.flatMap(({ order }) => (order.type === "advertise" && order.on ? [order.advert] : []));
    expect(tags.length).toBe(6);
    // Each radio has a salt of its own: nothing in two adverts is the same, not of one kiosk either.
    for (const field of ["kiosk", "component"] as const) {
      expect(new Set(tags.map((tag) => Buffer.from(tag[field]).toString("hex"))).size).toBe(6);
    }
  });

  it("change their names together after a silence, and keep their links; who looks for them then finds them [I13]", () => {
    const { table, orders, told, isWhole, rename } = mesh(4);
    expect(table.run(20_000, isWhole)).toBe(true);
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
    expect(silent.length).toBe(6);
    rename(ROTATION_SILENCE_MAX_MS);
    const after = names();
    expect(after.size).toBe(6);
    for (const name of after) expect(before.has(name)).toBe(false);
    expect(isWhole()).toBe(true);
    expect(told.filter(({ type }) => type === "down")).toEqual([]);
    table.happen({ type: "brownOut", board: 2 });
    table.run(8000, () => !isWhole());
    expect(table.run(60_000, isWhole)).toBe(true);
  }, 60_000);

  it("end a link that is dropped, and are free for it again", () => {
    const { table, told, links, isWhole, drop } = mesh(2);
    expect(table.run(20_000, isWhole)).toBe(true);
    table.run(3000);
    drop(0, links()[0]![0]!.name);
    expect(table.run(5000, () => told.filter(({ type }) => type === "down").length === 2)).toBe(true);
    expect(table.run(20_000, isWhole)).toBe(true);
  });

  it("know both ends of a link by their addresses, the same at either end", () => {
    const { table, links, isWhole } = mesh(4);
    expect(table.run(20_000, isWhole)).toBe(true);
    for (const [me, own] of links().entries()) {
      for (const link of own) {
        const back = links()[link.kiosk]!.find((each) => each.kiosk === me)!;
        expect([link.own, link.other]).toEqual([back.other, back.own]);
        expect([link.role, back.role].sort()).toEqual(["client", "server"]);
        expect(link.expected).toEqual(IDENTITIES[link.kiosk]);
      }
    }
  });

  it("dial nobody but whom they are for, once each, and one after the other", () => {
    const of = radioLinks(namesOf(0), [{ role: "client", dials: [1, 2] }], WALL_MS);
    let wallMs = WALL_MS;
    const feed = (said: SessionEffect): readonly Order[] => {
      const effects: RadioLinksEffect[] = [];
      step(of, { type: "told", radio: 0, said }, wallMs, effects);
      return effects.flatMap((effect) => (effect.type === "order" ? [effect.order] : []));
    };
    const tell = (report: News): readonly Order[] => feed({ type: "news", report });
    const peer = (kiosk: number) => ({ kind: "random", address: new Uint8Array(6).fill(kiosk) }) as const;
    const hear = (kiosk: number, awaits: number, names = namesOf(0)): readonly Order[] => {
      const advert = { version: 1, flags: 0, ...tagOf(names, kiosk, awaits) };
      return tell({ type: "discovered", peer: peer(kiosk), rssi: -40, advert });
    };
    feed({ type: "up", hello: { address: peer(0) } as never, rebooted: true });
    expect(hear(3, 0)).toEqual([]);
    expect(hear(1, 2)).toEqual([]);
    // Of another table.
    expect(hear(1, 0, namesOf(0, new Uint8Array(32).fill(42)))).toEqual([]);
    expect(hear(1, 0)).toEqual([{ type: "connect", to: peer(1) }]);
    expect(hear(2, 0)).toEqual([]);
    tell({ type: "linkUp", link: linkGeneration(1), role: "client", peer: peer(1) });
    expect(hear(1, 0)).toEqual([]);
    expect(hear(2, 0)).toEqual([{ type: "connect", to: peer(2) }]);
    // Not made: it may be tried again.
    expect(tell({ type: "notConnected", to: peer(2), why: "failed" })).toMatchObject([{ type: "scan", on: true }]);
    expect(hear(2, 0)).toEqual([{ type: "connect", to: peer(2) }]);
    const last = tell({ type: "linkUp", link: linkGeneration(2), role: "client", peer: peer(2) });
    expect(last).toMatchObject([{ type: "scan", on: false }]);
    // It ends as soon as it is there: not again at once, but the other when its link ends after a while.
    tell({ type: "linkDown", link: linkGeneration(2), reason: "remote" });
    expect(hear(2, 0)).toEqual([]);
    wallMs += 2000;
    expect(hear(2, 0)).toEqual([{ type: "connect", to: peer(2) }]);
    tell({ type: "notConnected", to: peer(2), why: "failed" });
    tell({ type: "linkDown", link: linkGeneration(1), reason: "remote" });
    expect(hear(1, 0)).toEqual([{ type: "connect", to: peer(1) }]);
  });
});
