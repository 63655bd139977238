import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { meshPlan } from "../../../host/node/mesh-plan.ts";
import {
  type RadioLink,
  type RadioLinks,
  type RadioLinksEffect,
  radioLinks,
  step,
} from "../../../host/node/radio-links.ts";
import type { News, Order, SessionEffect } from "../../../host/radio/events.ts";
import { CRITICAL } from "../../../protocol/core/packet-class.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import { Table } from "../../hardware/virtual/table.ts";

/** Kiosks with the radios of their plan in one virtual air, in virtual time. */
function mesh(kiosks: number, errorRate = 0) {
  const plans = meshPlan(kiosks);
  const states = plans.map((own, me) => radioLinks(me, own));
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
    const effects: RadioLinksEffect[] = [];
    step(of, radio, said, effects);
    for (const effect of effects) {
      if (effect.type === "order") table.order(host(kiosk, effect.radio), effect.order);
      else told.push({ kiosk, type: effect.type, link: effect.link });
    }
  };
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
  return { table, states, told, heard, host, links, isWhole };
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

  it("dial nobody but whom they are for, once each, and one after the other", () => {
    const of = radioLinks(0, [{ role: "client", dials: [1, 2] }]);
    const tell = (report: News): readonly Order[] => {
      const effects: RadioLinksEffect[] = [];
      step(of, 0, { type: "news", report }, effects);
      return effects.flatMap((effect) => (effect.type === "order" ? [effect.order] : []));
    };
    const peer = (kiosk: number) => ({ kind: "random", address: new Uint8Array(6).fill(kiosk) }) as const;
    const hear = (kiosk: number, awaits: number): readonly Order[] => {
      const tag = Uint8Array.of(kiosk, awaits, 0, 0);
      const advert = { version: 1, flags: 0, kiosk: tag, component: tag };
      return tell({ type: "discovered", peer: peer(kiosk), rssi: -40, advert });
    };
    expect(hear(3, 0)).toEqual([]);
    expect(hear(1, 2)).toEqual([]);
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
  });
});
