/** Two hosts whose radios are virtual boards with the firmware's own modem: what lies between is lossy, cut in fragments, and
 * lets classes overtake each other. */
import { expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { noise } from "../../../host/crypto/noise.ts";
import type { SessionEffect } from "../../../host/radio/events.ts";
import { prologueOf, type RadioAddress } from "../../../host/secure/binding.ts";
import { nextDeadline, step } from "../../../host/secure/link.ts";
import type { LinkEffect, LinkEvent } from "../../../host/secure/link-events.ts";
import { type SecureLink, secureLink } from "../../../host/secure/link-state.ts";
import { tableKeys } from "../../../host/secure/table-secret.ts";
import { type Chance, chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { type LinkGeneration, millis } from "../../../protocol/core/units.ts";
import { type Match, match, onSaid } from "../../exchange/match.ts";
import { Table } from "../../hardware/virtual/table.ts";
import { cryptoOf, halves, SECRET, seedOf, TABLE, VERSION } from "./rig.ts";

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

interface Host {
  readonly match: Match;
  readonly ports: ReturnType<typeof cryptoOf>;
  readonly chance: Chance;
  address: RadioAddress | undefined;
  link: { readonly generation: LinkGeneration; readonly state: SecureLink } | undefined;
  readonly heard: string[];
  readonly told: LinkEffect[];
  nextId: number;
}

const { handshake: secret } = tableKeys(SECRET, TABLE, noise);

class Two {
  readonly table: Table;
  readonly hosts: readonly Host[];

  constructor(seed: number) {
    const bursts = { goodMs: 900, badMs: 100, lossGood: 0.02, lossBad: 0.8 };
    const over = { seed, errorRate: 1e-5, bursts, watched: true };
    this.table = new Table([boards.esp32, boards.nrf52], over);
    this.hosts = [0, 1].map(
      (party): Host => ({
        ...{ match: match(party), ports: cryptoOf(party + 1), chance: chance(seed + party), address: undefined },
        ...{ link: undefined, heard: [], told: [], nextId: 1 },
      }),
    );
    this.table.on = (party, effect) => this.onSaid(party, effect);
    for (const party of [0, 1]) this.table.plug(party);
  }

  /** All values that were in the air since the last time. */
  overheard(): Uint8Array[] {
    return (this.table.world.air.sights?.splice(0) ?? []).flatMap((sight) =>
      sight.type === "packet" && sight.part?.item.kind === "value" ? [sight.part.item.bytes] : [],
    );
  }

  tell(party: number, told: Untimed<LinkEvent>): void {
    const host = this.hosts[party];
    if (host.link === undefined) return;
    const { generation, state } = host.link;
    const effects: LinkEffect[] = [];
    step(state, { ...told, at: millis(this.table.now) } as LinkEvent, effects, host.ports);
    host.told.push(...effects);
    for (const effect of effects) {
      if (effect.type === "draw") this.tell(party, { type: "drawn", bytes: drawBytes(host.chance, 32) });
      else if (effect.type === "heard") host.heard.push(new TextDecoder().decode(effect.body));
      else if (effect.type === "transmit") {
        const { packet } = effect;
        this.table.tell(party, { type: "send", id: host.nextId++, link: generation, class: effect.class, packet });
      }
    }
  }

  run(ms: number, done?: () => boolean): boolean {
    const until = this.table.now + ms;
    while (this.table.now < until) {
      const due = this.hosts.map(({ link }) =>
        link === undefined ? Infinity : (nextDeadline(link.state) ?? Infinity),
      );
      if (this.table.run(Math.max(1, Math.min(until, ...due) - this.table.now), done)) return true;
      for (const party of [0, 1]) if (due[party] <= this.table.now) this.tell(party, { type: "tick" });
    }
    return done?.() ?? true;
  }

  get isOpen(): boolean {
    return this.hosts.every(({ link }) => link?.state.current !== undefined);
  }

  private onSaid(party: number, said: SessionEffect): void {
    const host = this.hosts[party];
    if (said.type === "up") host.address = said.hello.address;
    const isChanged = onSaid(host.match, said, (order) => this.table.order(party, order));
    if (isChanged && host.match.link === undefined) {
      this.tell(party, { type: "down" });
      host.link = undefined;
    } else if (isChanged && said.type === "news" && said.report.type === "linkUp") {
      const own = host.address as RadioAddress;
      const { peer, link } = said.report;
      const prologue = party === 0 ? prologueOf(TABLE, peer, own) : prologueOf(TABLE, own, peer);
      const role = party === 0 ? "server" : "client";
      const options = {
        role,
        agreements: [{ prologue, secret }],
        static: halves(seedOf(40 + party)),
        version: VERSION,
      } as const;
      host.link = { generation: link, state: secureLink(options, millis(this.table.now)) };
      this.tell(party, { type: "up" });
    }
    if (said.type === "arrived") this.tell(party, { type: "received", packet: said.packet.slice() });
  }
}

test("over two boards with bursts of loss: all that arrives opens, once, while keys and sessions change [F09] [I12]", () => {
  const two = new Two(5);
  expect(two.run(60_000, () => two.isOpen)).toBe(true);
  const from = chance(9);
  const said: string[][] = [[], []];
  for (let at = 0; at < 1_100; at++) {
    for (const party of [0, 1]) {
      const text = `the die is cast ${at} ${"x".repeat(drawBelow(from, 10) === 0 ? 400 : 20)}`;
      said[party].push(text);
      const body = new TextEncoder().encode(text);
      two.tell(party, { type: "send", kind: "message", class: drawBelow(from, 4) as PacketClass, body });
    }
    two.run(150);
  }
  two.run(60_000);
  for (const party of [0, 1]) {
    const { heard, told } = two.hosts[1 - party];
    expect(new Set(heard).size).toBe(heard.length);
    expect(heard.every((text) => said[party].includes(text))).toBe(true);
    expect(heard.length).toBeGreaterThan(1_000);
    // They overtook each other, and nobody was blamed.
    expect(heard).not.toEqual(said[party].filter((text) => heard.includes(text)));
    expect(told.filter((effect) => effect.type === "refused" && effect.verdict === "reject")).toEqual([]);
    expect(told.filter(({ type }) => type === "opened").length).toBeGreaterThanOrEqual(2);
  }
  const air = two.overheard().map((bytes) => Buffer.from(bytes).toString("latin1"));
  expect(air.length).toBeGreaterThan(2_000);
  expect(air.filter((value) => value.includes("the die"))).toEqual([]);
});

test("a board that starts afresh begins another session by itself", () => {
  const two = new Two(6);
  expect(two.run(60_000, () => two.isOpen)).toBe(true);
  const before = two.hosts[0].link;
  two.table.happen({ type: "brownOut", board: 1 });
  expect(two.run(60_000, () => two.isOpen && two.hosts[0].link !== before)).toBe(true);
  two.tell(0, { type: "send", kind: "message", class: 0, body: new TextEncoder().encode("again") });
  expect(two.run(10_000, () => two.hosts[1].heard.length > 0)).toBe(true);
});
