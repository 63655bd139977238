import { describe, expect, it } from "vitest";
import { nextDeadline, step } from "../../../../hardware/virtual/air/air.ts";
import type { AirEffect, AirEvent } from "../../../../hardware/virtual/air/events.ts";
import { type Air, air } from "../../../../hardware/virtual/air/state.ts";
import { chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { FREE } from "./measure.ts";
import { ADVERT, ESP, NRF } from "./pairs.ts";

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
