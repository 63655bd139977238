import { describe, expect, it } from "vitest";
import type { BleFacts } from "../../../../hardware/boards/board.ts";
import { boards } from "../../../../hardware/boards/boards.ts";
import { nextDeadline, queuedAt, step } from "../../../../hardware/virtual/air/air.ts";
import { independent } from "../../../../hardware/virtual/air/bursts.ts";
import type { AirEffect, AirEvent } from "../../../../hardware/virtual/air/events.ts";
import { type Air, air } from "../../../../hardware/virtual/air/state.ts";
import { chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { FREE, Run, radiosOf } from "./measure.ts";

const NRF = boards.nrf52.ble;
const ESP = boards.esp32.ble;
const ADVERT = Uint8Array.of(1, 2, 3);
const of = <T extends AirEffect["type"]>(run: Run, type: T) =>
  run.effects.filter((effect): effect is Extract<AirEffect, { type: T }> => effect.type === type);
const ignored = (run: Run) => of(run, "ignored").map(({ why }) => why);
const pairOf = (client: BleFacts, server: BleFacts) => new Run({ radios: radiosOf(client, server) });

describe("two radios", () => {
  it("discover each other while both advertise and both scan", () => {
    const run = pairOf(FREE, FREE);
    for (const node of [0, 1]) {
      run.feed({ type: "advertise", node, data: ADVERT, intervalMs: 100 });
      run.feed({ type: "scan", node, intervalMs: 50, windowMs: 25 });
    }
    run.until(2000);
    const found = of(run, "discovered");
    expect(new Set(found.map(({ node, address }) => `${node}${address}`))).toEqual(new Set(["0b", "1a"]));
    expect(found[0]!.data).toEqual(ADVERT);
    expect(found[0]!.rssiDbm).toBeGreaterThan(-50);
    expect(found[0]!.rssiDbm).toBeLessThan(-30);
  });

  it("link only by order; that stops the scan and the adverts, and begins at MTU 23", () => {
    const run = pairOf(NRF, NRF);
    run.feed({ type: "advertise", node: 1, data: ADVERT, intervalMs: 20 });
    run.feed({ type: "scan", node: 0, intervalMs: 20, windowMs: 20 });
    run.until(500);
    expect(of(run, "connected")).toEqual([]);
    run.feed({ type: "connect", node: 0, to: "b" });
    run.until(1000);
    expect(of(run, "connected").map(({ node, role, peer }) => [node, role, peer])).toEqual([
      [0, "client", "b"],
      [1, "server", "a"],
    ]);
    expect(run.air.nodes[0]!.scan).toBeUndefined();
    expect(run.air.nodes[1]!.adverts).toBeUndefined();
    run.feed({ type: "value", node: 0, link: 1, bytes: new Uint8Array(21) });
    run.feed({ type: "value", node: 1, link: 1, bytes: new Uint8Array(20) });
    run.until(1200);
    expect(of(run, "queueDropped")).toEqual([{ type: "queueDropped", node: 0, link: 1, why: "tooLong" }]);
    run.feed({ type: "exchangeMtu", node: 1, link: 1, mtu: 247 });
    run.feed({ type: "exchangeMtu", node: 0, link: 1, mtu: 200 });
    run.until(1500);
    expect(ignored(run)).toEqual(["clientOnly"]);
    expect(of(run, "mtu").map(({ node, mtu }) => [node, mtu])).toEqual([
      [1, 200],
      [0, 200],
    ]);
    run.feed({ type: "value", node: 0, link: 1, bytes: new Uint8Array(197) });
    run.until(1600);
    expect(of(run, "value").map(({ node, bytes }) => [node, bytes.length])).toEqual([
      [0, 20],
      [1, 197],
    ]);
  });

  it("have one link of a stock nRF52, and the peer that is linked advertises no more", () => {
    const run = new Run({ radios: radiosOf(NRF, NRF, NRF) });
    run.link(0, 1, {});
    run.feed({ type: "connect", node: 0, to: "c" });
    run.feed({ type: "advertise", node: 1, data: ADVERT, intervalMs: 20 });
    expect(ignored(run)).toEqual(["linksFull", "linksFull"]);
  });

  it("know the strength of a link at the client only", () => {
    const run = pairOf(NRF, NRF);
    const link = run.link(0, 1, {});
    run.feed({ type: "readRssi", node: 0, link });
    run.feed({ type: "readRssi", node: 1, link });
    expect(of(run, "rssi").map(({ node }) => node)).toEqual([0]);
    expect(ignored(run)).toEqual(["noRssi"]);
  });
});

describe("a pending connection", () => {
  it("waits for ever on a stock ESP32, refuses another, and ends by a restart", () => {
    const run = pairOf(ESP, ESP);
    run.feed({ type: "connect", node: 0, to: "b" });
    run.feed({ type: "connect", node: 0, to: "c" });
    run.feed({ type: "cancel", node: 0 });
    expect(ignored(run)).toEqual(["pending", "noCancel"]);
    run.feed({ type: "reset", node: 0 });
    run.feed({ type: "advertise", node: 1, data: ADVERT, intervalMs: 20 });
    run.until(1000);
    expect(of(run, "connected")).toEqual([]);
  });

  it("is cancelled on an nRF52", () => {
    const run = pairOf(NRF, NRF);
    run.feed({ type: "cancel", node: 0 });
    run.feed({ type: "connect", node: 0, to: "b" });
    run.feed({ type: "cancel", node: 0 });
    expect(ignored(run)).toEqual(["nothingPending"]);
    expect(of(run, "cancelled")).toHaveLength(1);
  });

  it("does not ask for a layer that the chip has not", () => {
    const run = pairOf(ESP, ESP);
    run.feed({ type: "connect", node: 0, to: "b", wish: { phy: "2M" } });
    expect(ignored(run)).toEqual(["noPhy"]);
  });
});

describe("a link", () => {
  it("drops the value that a full stack has no room for, and tells nobody but the watcher", () => {
    const run = pairOf(NRF, ESP);
    const link = run.link(0, 1, { intervalMs: 50 });
    for (let value = 0; value < 3; value++) run.feed({ type: "value", node: 0, link, bytes: Uint8Array.of(value) });
    for (let value = 0; value < 6; value++) run.feed({ type: "value", node: 1, link, bytes: Uint8Array.of(value) });
    expect(of(run, "queueDropped").map(({ node, why }) => `${node} ${why}`)).toEqual([
      "0 full",
      "0 full",
      "1 full",
      "1 full",
    ]);
    run.until(run.now + 200);
    const heard = of(run, "value").map(({ node, bytes }) => `${node} ${bytes[0]}`);
    expect(heard.sort()).toEqual(["0 0", "0 1", "0 2", "0 3", "1 0"]);
  });

  it("keeps order, loses nothing and repeats nothing, however much the air loses", () => {
    const run = new Run({ radios: radiosOf(FREE, FREE), bursts: independent(0.4) });
    const link = run.link(0, 1, { intervalMs: 10, supervisionMs: 32_000 });
    const sent = [0, 0];
    run.until(run.now + 20_000, () => {
      for (const node of [0, 1]) {
        if (queuedAt(run.air, node, link) === FREE.stackQueue) continue;
        const value = sent[node]!++;
        run.feed({ type: "value", node, link, bytes: Uint8Array.of(value >> 8, value & 0xff) });
      }
    });
    for (const node of [0, 1]) {
      const heard = of(run, "value").filter((effect) => effect.node === node);
      const numbers = heard.map(({ bytes }) => bytes[0]! * 256 + bytes[1]!);
      expect(numbers).toEqual(numbers.map((_, place) => place));
      expect(numbers.length).toBeGreaterThan(sent[1 - node]! - 2 * FREE.stackQueue);
      expect(numbers.length).toBeGreaterThan(1000);
    }
  });

  it.each([
    ["nrf52", NRF, 500],
    ["esp32", ESP, 2560],
  ] as const)("of a stock %s ends %d ms after the peer fell silent", (_, facts, supervisionMs) => {
    for (const silent of [0, 1]) {
      const run = pairOf(facts, facts);
      run.link(0, 1, {});
      const since = run.now;
      let lostAt = 0;
      run.each.push((effect, atMs) => {
        if (effect.type === "disconnected") lostAt = atMs;
      });
      run.feed({ type: "reset", node: silent });
      run.until(since + 10_000);
      expect(of(run, "disconnected")).toEqual([
        { type: "disconnected", node: 1 - silent, link: 1, reason: "supervision" },
      ]);
      expect(lostAt - since).toBeLessThanOrEqual(supervisionMs + 1);
      expect(lostAt - since).toBeGreaterThan(supervisionMs - facts.intervalMaxMs - 1);
      expect(run.air.links).toEqual([]);
      expect(nextDeadline(run.air)).toBeUndefined();
    }
  });

  it("ends in two ways when ordered: here ordered, there by the other", () => {
    const run = pairOf(NRF, NRF);
    const link = run.link(0, 1, {});
    run.feed({ type: "disconnect", node: 1, link });
    run.feed({ type: "value", node: 1, link, bytes: ADVERT });
    run.until(run.now + 100);
    expect(
      of(run, "disconnected")
        .map(({ node, reason }) => `${node} ${reason}`)
        .sort(),
    ).toEqual(["0 remote", "1 ordered"]);
    expect(of(run, "value")).toEqual([]);
    run.feed({ type: "disconnect", node: 1, link });
    expect(ignored(run)).toEqual(["noLink", "noLink"]);
  });

  it("takes new parameters after six of its old intervals, where a native module asks", () => {
    const run = pairOf(FREE, FREE);
    const link = run.link(0, 1, { intervalMs: 200 });
    const since = run.now;
    let atMs = 0;
    run.each.push((effect, now) => {
      if (effect.type === "interval") atMs = now;
    });
    run.feed({ type: "parameters", node: 0, link, intervalMs: 200, supervisionMs: 400 });
    run.feed({ type: "parameters", node: 0, link, intervalMs: 20, supervisionMs: 4000 });
    expect(ignored(run)).toEqual(["noSuchValue"]);
    run.until(since + 3000);
    expect(of(run, "interval").map(({ node, intervalMs }) => [node, intervalMs])).toEqual([
      [0, 20],
      [1, 20],
    ]);
    expect(atMs - since).toBeGreaterThanOrEqual(1200);
    expect(atMs - since).toBeLessThanOrEqual(1600);
    const stock = new Run({ radios: radiosOf(NRF, NRF).map((radio) => ({ ...radio, natives: {} })) });
    stock.feed({ type: "parameters", node: 0, link: stock.link(0, 1, {}), intervalMs: 50, supervisionMs: 4000 });
    expect(ignored(stock)).toEqual(["noNative"]);
  });

  it("breaks behind a wall of forty decibels and twenty metres, and survives the wall alone", () => {
    const run = new Run({ radios: radiosOf(NRF, NRF), room: { exponent: 2.4, shadowDb: 0, walls: [] } });
    run.link(0, 1, {});
    run.feed({ type: "walls", walls: [{ from: { x: 0.5, y: -1 }, to: { x: 0.5, y: 1 }, lossDb: 40 }] });
    run.until(run.now + 2000);
    expect(of(run, "disconnected")).toEqual([]);
    run.feed({ type: "move", node: 1, to: { x: 20, y: 0 } });
    run.until(run.now + 2000);
    expect(of(run, "disconnected").map(({ reason }) => reason)).toEqual(["supervision", "supervision"]);
  });

  it("loses to a busy Wi-Fi channel what a map without those channels keeps", () => {
    const wifi = [{ firstChannel: 0, lastChannel: 9, duty: 0.9 }];
    const clear = Array.from({ length: 27 }, (_, place) => place + 10);
    const heard = [undefined, clear].map((channels) => {
      const run = new Run({ radios: radiosOf(FREE, FREE), wifi, ...(channels === undefined ? {} : { channels }) });
      const link = run.link(0, 1, { intervalMs: 10, supervisionMs: 4000 });
      const until = run.now + 10_000;
      run.until(until, () => {
        if (queuedAt(run.air, 0, link) === 0 && run.now < until)
          run.feed({ type: "value", node: 0, link, bytes: ADVERT });
      });
      return of(run, "value").length;
    });
    expect(heard[0]! / heard[1]!).toBeGreaterThan(0.6);
    expect(heard[0]! / heard[1]!).toBeLessThan(0.9);
  });

  it("whose events meet those of another on one radio takes turns with it", () => {
    const run = new Run({ radios: radiosOf(FREE, FREE, FREE) });
    const ids = [run.link(0, 1, { intervalMs: 20 }), run.link(1, 2, { intervalMs: 20 })];
    const [first, second] = run.air.links;
    // The radio in the middle is a server at the one and a client at the other: their clocks may drift anywhere.
    second!.nextEventUs = first!.nextEventUs + 500;
    const until = run.now + 10_000;
    run.until(until, () => {
      for (const node of [0, 1]) {
        if (run.now < until && queuedAt(run.air, node, ids[node]!) < 4)
          run.feed({ type: "value", node, link: ids[node]!, bytes: new Uint8Array(244) });
      }
    });
    expect(of(run, "disconnected")).toEqual([]);
    const counts = [1, 2].map((node) => of(run, "value").filter((effect) => effect.node === node).length);
    expect(Math.min(...counts) / Math.max(...counts)).toBeGreaterThan(0.1);
  });

  it("that has too short a slot for both ends' packets lets them take turns", () => {
    const run = new Run({ radios: radiosOf(FREE, { ...FREE, eventMs: 3 }) });
    const link = run.link(0, 1, { intervalMs: 20 });
    const until = run.now + 2000;
    run.until(until, () => {
      for (const node of [0, 1]) {
        if (run.now < until && queuedAt(run.air, node, link) < 4)
          run.feed({ type: "value", node, link, bytes: new Uint8Array(244) });
      }
    });
    for (const node of [0, 1]) {
      const heard = of(run, "value").filter((effect) => effect.node === node).length;
      expect(heard).toBeGreaterThanOrEqual(48);
      expect(heard).toBeLessThanOrEqual(52);
    }
  });

  it("loses a little to strangers' links, which meet it on one channel of 37", () => {
    const alone = busy(1);
    const among = busy(4);
    // Each of three others is on the air all the time: 1 - (1 - 2/37)^3 of all events are hit, and cut short.
    expect(among / alone).toBeGreaterThan(1 - (1 - (1 - 2 / 37) ** 3));
    expect(among / alone).toBeLessThan(0.98);
  });

  function busy(pairs: number): number {
    const run = new Run({ radios: radiosOf(...Array.from({ length: 2 * pairs }, () => FREE)) });
    const ids = Array.from({ length: pairs }, (_, pair) => run.link(2 * pair, 2 * pair + 1, { intervalMs: 20 }));
    const until = run.now + 4000;
    run.until(until, () => {
      ids.forEach((link, pair) => {
        while (run.now < until && queuedAt(run.air, 2 * pair, link) < 8)
          run.feed({ type: "value", node: 2 * pair, link, bytes: new Uint8Array(244) });
      });
    });
    return of(run, "value").length / pairs;
  }

  it("that is idle on clean air costs nothing and is there when needed", () => {
    const run = pairOf(NRF, NRF);
    const link = run.link(0, 1, { intervalMs: 30 });
    expect(nextDeadline(run.air)).toBeUndefined();
    run.until(3_600_000);
    expect(of(run, "disconnected")).toEqual([]);
    const since = run.now;
    let atMs = 0;
    run.each.push((effect, now) => {
      if (effect.type === "value") atMs = now;
    });
    run.feed({ type: "value", node: 1, link, bytes: ADVERT });
    run.until(since + 100);
    expect(atMs).toBeGreaterThan(since);
    expect(atMs - since).toBeLessThan(31);
  });
});

describe("the air as a machine", () => {
  /** Twenty radios, anything ordered of any of them at any time. */
  function schedule(seed: number, steps: number, each: (air: Air, event: AirEvent, effects: AirEffect[]) => void): Air {
    const random = chance(seed);
    const kinds = [NRF, ESP, FREE];
    const radios = Array.from({ length: 20 }, (_, node) => ({
      address: `${node}`,
      facts: kinds[node % 3]!,
      position: { x: draw(random) * 15, y: draw(random) * 15 },
      natives: { parameters: node % 2 === 0, cancel: node % 4 === 0 },
    }));
    const bursts = { goodMs: 3000, badMs: 300, lossGood: 0.02, lossBad: 0.9 };
    const sky = air({ seed, radios, bursts, wifi: [{ firstChannel: 5, lastChannel: 14, duty: 0.3 }] });
    let at = 0;
    for (let count = 0; count < steps; count++) {
      at += draw(random) < 0.1 ? draw(random) * 1000 : draw(random) * 10;
      const due = nextDeadline(sky);
      if (due !== undefined && due < at && draw(random) < 0.5) at = due;
      const node = drawBelow(random, 20);
      const mine = sky.links.filter((link) => link.ends.some((end) => end.node === node));
      const link =
        mine.length > 0 && draw(random) < 0.95 ? mine[drawBelow(random, mine.length)]!.id : drawBelow(random, 50);
      const big = (size: number) => drawBelow(random, size);
      const choices: AirEvent[] = [
        {
          type: "advertise",
          at: millis(at),
          node,
          data: draw(random) < 0.9 ? ADVERT : undefined,
          intervalMs: big(500),
        },
        { type: "scan", at: millis(at), node, intervalMs: 10 + big(100), windowMs: big(60) },
        { type: "connect", at: millis(at), node, to: `${big(20)}`, wish: { intervalMs: 7.5 + big(100) } },
        { type: "cancel", at: millis(at), node },
        { type: "exchangeMtu", at: millis(at), node, link, mtu: 23 + big(400) },
        { type: "parameters", at: millis(at), node, link, intervalMs: big(300), supervisionMs: big(5000) },
        { type: "readRssi", at: millis(at), node, link },
        { type: "move", at: millis(at), node, to: { x: draw(random) * 30, y: draw(random) * 30 } },
        { type: "walls", at: millis(at), walls: [{ from: { x: 5, y: 0 }, to: { x: 5, y: big(15) }, lossDb: big(30) }] },
        { type: "tick", at: millis(at) },
        ...Array.from(
          { length: 8 },
          (): AirEvent => ({ type: "value", at: millis(at), node, link, bytes: new Uint8Array(big(260)) }),
        ),
      ];
      if (draw(random) < 0.1) choices.push({ type: "disconnect", at: millis(at), node, link });
      if (draw(random) < 0.05) choices.push({ type: "reset", at: millis(at), node });
      const event = choices[drawBelow(random, choices.length)]!;
      const effects: AirEffect[] = [];
      step(sky, event, effects);
      each(sky, event, effects);
    }
    return sky;
  }

  const links = (sky: Air, role: 0 | 1, node: number): number =>
    sky.links.filter(({ ends }) => ends[role].node === node && !ends[role].gone).length;

  it("takes any event at any time, and no queue or table passes its bound", () => {
    let values = 0;
    let connects = 0;
    const broken: string[] = [];
    const check = (holds: boolean, fact: string) => {
      if (!holds) broken.push(fact);
    };
    for (let seed = 1; seed <= 10; seed++) {
      const up = new Set<string>();
      schedule(seed, 1500, (sky, _, effects) => {
        for (const { ends } of sky.links) {
          for (const { outgoing, node } of ends) {
            check(outgoing.values.length <= sky.nodes[node]!.facts.stackQueue, "the stack's queue");
            check(outgoing.procedures.length <= 4, "procedures");
          }
        }
        sky.nodes.forEach(({ facts }, node) => {
          check(links(sky, 0, node) <= facts.linksAsClient, "links of a client");
          check(links(sky, 1, node) <= facts.linksAsServer, "links of a server");
        });
        for (const effect of effects) {
          if (effect.type === "connected") {
            up.add(`${effect.node} ${effect.link}`);
            connects += 1;
          } else if (effect.type === "value") {
            check(up.has(`${effect.node} ${effect.link}`), "a value comes on a link that is up");
            values += 1;
          } else if (effect.type === "disconnected") {
            check(up.delete(`${effect.node} ${effect.link}`), "a link that is up ends once");
          }
        }
      });
    }
    expect(broken).toEqual([]);
    expect(connects).toBeGreaterThan(50);
    expect(values).toBeGreaterThan(500);
  });

  it("does the same for the same seed, another thing for another, and goes on from a copy", () => {
    const record = (seed: number): string => {
      const seen: AirEffect[] = [];
      const sky = schedule(seed, 1000, (_, __, effects) => seen.push(...effects));
      const copy = structuredClone(sky);
      const rest: [AirEffect[], AirEffect[]] = [[], []];
      for (const [place, each] of [sky, copy].entries()) {
        const end = each.nowUs / 1000 + 5000;
        step(each, { type: "tick", at: millis(end) }, rest[place as 0 | 1]);
      }
      expect(rest[1]).toEqual(rest[0]);
      return JSON.stringify(seen.concat(rest[0]));
    };
    expect(record(7)).toBe(record(7));
    expect(record(7)).not.toBe(record(8));
  });
});
