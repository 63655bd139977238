import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { sign, verify } from "../../../host/crypto/ed25519.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import {
  nextDeadline,
  type Rehearsal,
  type RehearsalEffect,
  type RehearsalEvent,
  ROLES,
  rehearsal,
  step,
} from "../../../host/node/rehearsal.ts";
import { Table, type Untimed } from "../../hardware/virtual/table.ts";

const pairs = [1, 2].map((byte) => keyPairFromSeed(new Uint8Array(32).fill(byte)));
const members = pairs.map((pair) => pair.publicKey.bytes);

/** Two kiosks in virtual time, each with a server's and a client's board; they say nothing new for the last 3 s. */
function rehearse(ms: number, errorRate: number, mischief: (table: Table) => void = () => {}) {
  const states = [0, 1].map((me) => rehearsal(me, new Uint8Array(16).fill(7), members));
  const table = new Table([boards.nrf52, boards.esp32, boards.nrf52, boards.esp32], { seed: 3, errorRate });
  const turn = (me: number, event: Untimed<RehearsalEvent>): void => {
    const effects: RehearsalEffect[] = [];
    step(states[me], { ...event, at: table.now } as RehearsalEvent, effects, {
      sign: (signed) => sign(pairs[me].privateKey, signed),
      verify: (key, signed, signature) => verify(pairs[members.indexOf(key)].publicKey, signed, signature),
    });
    for (const { radio, ...event } of effects) table.tell(me * ROLES.length + radio, event);
  };
  table.on = (host, said) => turn(Math.floor(host / ROLES.length), { type: "radio", radio: host % ROLES.length, said });
  for (let host = 0; host < table.sessions.length; host++) table.plug(host);
  const run = (until: number): void => {
    while (table.now < until) {
      // What happens meanwhile may bring a vote forward.
      const due = Math.min(until, table.now + 10, ...states.map((state) => nextDeadline(state) ?? until));
      table.run(Math.max(1, due - table.now));
      for (const me of [0, 1]) turn(me, { type: "tick" });
    }
  };
  run(ms / 2);
  mischief(table);
  run(ms - 3000);
  for (const me of [0, 1]) turn(me, { type: "rest" });
  run(ms);
  return { table, states };
}

const longOf = ({ tally }: Rehearsal): number => Math.floor(tally.votesSaid / 10);
const mischiefOf = ({ tally }: Rehearsal): number => Math.floor(tally.votesSaid / 20);

describe("the rehearsal", () => {
  it("every vote said is heard once, and what a bad neighbour sends is refused by name [B11] [H07]", () => {
    const { states, table } = rehearse(40_000, 1e-3);
    const [left, right] = states;
    for (const [said, heard] of [
      [left, right],
      [right, left],
    ]) {
      expect(said.tally.votesSaid).toBeGreaterThan(100);
      expect(heard.tally.votesHeard).toBe(said.tally.votesSaid);
      expect(heard.tally.longHeard).toBe(longOf(said));
      expect(heard.tally.refused).toEqual({ repeated: mischiefOf(said), "bad signature": mischiefOf(said) });
      expect(said.tally).toMatchObject({ dropped: 0, unknown: 0, sent: said.packets });
    }
    const damaged = table.sessions.reduce((sum, { link }) => sum + link.counters.damaged, 0);
    expect(damaged).toBeGreaterThan(10);
  });

  it("a board that loses its supply costs what was under way, named, and the kiosks find each other again", () => {
    const { states } = rehearse(60_000, 0, (table) => table.happen({ type: "brownOut", board: 1 }));
    for (const state of states) {
      const { sent, dropped, unknown } = state.tally;
      expect(sent + dropped + unknown).toBe(state.packets);
      expect(state.links).toHaveLength(2);
    }
  });

  it("the same seed gives the same run, to the last counter", () => {
    const [first, again] = [rehearse(8000, 3e-3), rehearse(8000, 3e-3)];
    expect(again.states).toEqual(first.states);
  });
});
