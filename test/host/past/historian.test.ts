import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { domainDigest } from "../../../host/crypto/domain-digest.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import type { Record } from "../../../host/engine/consensus/records.ts";
import { recover } from "../../../host/engine/consensus/restart.ts";
import { signBallot } from "../../../host/engine/consensus/statements.ts";
import { encodeTable, TableOperation } from "../../../host/engine/consensus/table.ts";
import { objectName } from "../../../host/engine/objects/tree.ts";
import { ownerOf } from "../../../host/engine/table/players.ts";
import { tableMachine } from "../../../host/engine/table/table-machine.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { rollFile } from "../../../host/node/roll-file.ts";
import { watchRolls } from "../../../host/node/roll-watch.ts";
import { historian } from "../../../host/past/historian.ts";
import type { Entry } from "../../../host/storage/history/entry.ts";
import { Evidence } from "../../../protocol/agreement/evidence.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { agreedMillis, millis, sequence, view } from "../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import { folders } from "../storage/folders.ts";
import { type Played, type PlayedKiosk, playedTable } from "./played-table.ts";

const here = folders();
let table: Played;
beforeAll(async () => {
  table = await playedTable(here.make(), 4, 5);
  await table.playTo(40);
  await table.playTo(70, [3]);
  // Rules that it plays by already: refused, and nothing else comes of it.
  const operation = encode(TableOperation, { type: "approve", change: { type: "rules", version: 1 } }).slice();
  await table.submit(1, KIOSK_SEAT, operation);
  await table.playTo(120);
}, 60_000);
afterAll(async () => {
  await table.close();
  here.removeAll();
});

/** What a start tells that reads these records. */
function retold({ rules, replica, key }: PlayedKiosk, records: readonly Record[], kiosks = table.kiosks): Entry[] {
  const entries: Entry[] = [];
  const founders = kiosks.map((kiosk) => kiosk.key);
  const tells = historian({
    machine: watchRolls(tableMachine(rules), rules, ({ roll, fell }) => {
      if (fell !== undefined) tells.rolled(roll, JSON.stringify(rollFile(fell.keys, fell.proof)));
    }),
    ...{ founders, digest: domainDigest, note: (entry: Entry) => entries.push(entry) },
    ownerOf: (owner: Uint8Array, seat: number) => ownerOf(rules, owner, seat),
  });
  const world = { ports: cryptoPorts(keyPairFromSeed(new Uint8Array(32))), machine: tells.machine };
  const founding = { options: replica.options, table: replica.table, members: founders, key, at: millis(0), wallMs: 0 };
  const again = recover(founding, tells.retell(records), undefined, world);
  expect(again.executed).toBe(replica.executed);
  return entries;
}

/** Each once, in one order, as text: the first of two that are the same row. */
function rows(entries: readonly Entry[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of entries) {
    const key =
      entry.type === "roll"
        ? `roll ${entry.roll}`
        : entry.type === "session"
          ? `session ${entry.epoch}`
          : `${entry.type} ${entry.sequence}`;
    if (!found.has(key)) found.set(key, JSON.stringify(entry));
  }
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)));
}

const ofType = <T extends Entry["type"]>(entries: readonly Entry[], type: T) =>
  entries.filter((entry): entry is Extract<Entry, { type: T }> => entry.type === type);

describe("a historian", () => {
  test("tells of every sequence once, with who asked for what and what came of it", () => {
    for (const { entries, replica } of table.kiosks.slice(0, 3)) {
      const batches = ofType(entries, "batch");
      expect(batches.map(({ sequence }) => sequence)).toEqual([...Array(replica.executed).keys()].map((at) => at + 1));
      const words = batches.flatMap(({ operations }) => operations.map(({ asks, came }) => `${asks}: ${came}`));
      expect(words).toContainEqual(expect.stringMatching(/^sits down: has place \d, and 1000 chips to play with$/));
      expect(words).toContainEqual(
        expect.stringMatching(/^bets \d+ chips? on [a-z-]+(?:-\d+)*: \d+ chips? on the table$/),
      );
      expect(words).toContainEqual("approves of the rules 1: undefined");
      for (let at = 1; at < batches.length; at++)
        expect(batches[at]!.time).toBeGreaterThanOrEqual(batches[at - 1]!.time);
    }
  });

  test("tells of each roll with its proof, whoever was there", () => {
    for (const { entries, replica } of table.kiosks) {
      const rolls = ofType(entries, "roll");
      expect(rolls.length).toBeGreaterThan(2);
      expect(rolls.at(-1)?.roll).toBe(
        replica.state.machine.dice.lastRoll - (replica.state.machine.dice.roll === undefined ? 0 : 1),
      );
      for (const { fell } of rolls) expect(JSON.parse(fell?.file ?? "{}").proof).toMatch(/^[0-9a-f]{200,}$/);
    }
  });

  test("counts all chips at each checkpoint, in the state that the members signed, alike on every kiosk [U07]", () => {
    const audits = table.kiosks.map(({ entries }) => ofType(entries, "audit"));
    const checkpoints = audits[0]!.map(({ sequence }) => sequence);
    // And where another came to lead.
    expect(checkpoints.slice(0, 2)).toEqual([50, 100]);
    for (const each of audits) {
      for (const { sequence, minted, found, why, standings, digest } of each) {
        expect([minted, found, why]).toEqual([1_001_000_000, 1_001_000_000, undefined]);
        expect(standings.map(({ reputation, points }) => [reputation, points >= 100])).toEqual(
          Array(4).fill([1_000_000, true]),
        );
        const other = audits[0]!.find((audit) => audit.sequence === sequence);
        expect(other?.digest).toBe(digest);
      }
    }
  });

  test("says of a checkpoint in which a chip is missing that it is none", () => {
    const kiosk = table.kiosks[0]!;
    const stable = kiosk.records.find((record) => record.type === "stable");
    expect(stable).toBeDefined();
    if (stable?.type !== "stable") return;
    const { machine } = kiosk.replica.state;
    const bank = machine.ledger.bank;
    const state = structuredClone(machine);
    (state.ledger as { bank: number }).bank = bank - 1;
    const bytes = encodeTable(kiosk.replica.state.table, tableMachine(kiosk.rules).snapshot(state)).slice();
    const ports = cryptoPorts(keyPairFromSeed(new Uint8Array(32)));
    const header = { ...stable.proof.header, state: objectName(ports, bytes) };
    const notes: Entry[] = [];
    const tells = historian({
      ...{
        machine: tableMachine(kiosk.rules),
        founders: [],
        digest: domainDigest,
        note: (entry: Entry) => notes.push(entry),
      },
      ownerOf: () => new Uint8Array(32),
    });
    tells.on({ type: "persist", record: { ...stable, proof: { ...stable.proof, header }, state: bytes } });
    expect(ofType(notes, "audit")).toMatchObject([{ found: 0, why: "the state is none of a table" }]);
  });

  test("tells the same rows again from a journal, also of a kiosk that was away, with a machine that leaves no trace [U07]", () => {
    for (const kiosk of table.kiosks) {
      const again = retold(kiosk, kiosk.records);
      expect(rows(again)).toEqual(rows(kiosk.entries));
      expect(rows(again).size).toBeGreaterThan(120);
    }
  });

  test("tells from any end of a journal what leads on from there", () => {
    const kiosk = table.kiosks[2]!;
    const whole = rows(kiosk.entries);
    const stable = kiosk.records.findIndex(({ type }) => type === "stable");
    const rest = kiosk.records.slice(stable).filter(({ type }) => type !== "request");
    const from = rows(retold(kiosk, [kiosk.records[0]!, ...rest]));
    for (const [key, row] of from) expect([key, whole.get(key)]).toEqual([key, row]);
    expect(from.has("batch 50")).toBe(false);
    for (let at = 51; at <= kiosk.replica.executed; at++) expect(from.has(`batch ${at}`)).toBe(true);
  });
});

describe("a historian of a table that turned somebody out", () => {
  test("keeps the evidence as it was shown, and who sat there before and after, also from a journal [U07]", async () => {
    const played = await playedTable(here.make(), 4, 8);
    await played.playTo(8);
    const { kiosks } = played;
    const liar = kiosks[3]!;
    const of = { table: liar.replica.table, epoch: 0, members: kiosks.map(({ key }) => key) };
    const ballot = (fill: number) =>
      signBallot(of, liar.ports, 3, {
        ...{ view: view(0), proposed: undefined, committed: undefined, checkpoint: undefined },
        prepared: { sequence: sequence(7), digest: new Uint8Array(32).fill(fill) },
      });
    const bytes = encode(Evidence, { type: "contradiction", first: ballot(1), second: ballot(2) }).slice();
    const accuse = (evidence: Uint8Array): Uint8Array => encode(TableOperation, { type: "accuse", evidence }).slice();
    await played.submit(1, KIOSK_SEAT, accuse(bytes));
    const nothing = encode(Evidence, { type: "contradiction", first: ballot(1), second: ballot(1) }).slice();
    await played.submit(2, KIOSK_SEAT, accuse(nothing));
    await played.playTo(40, [3]);
    for (const kiosk of kiosks.slice(0, 3)) {
      const shown = ofType(kiosk.entries, "evidence");
      expect(shown).toEqual([
        {
          ...{ type: "evidence", kind: "double vote", suspect: Buffer.from(liar.key).toString("hex"), bytes },
          ...{ words: "member 1 shows it to the table", name: expect.stringMatching(/^[0-9a-f]{64}$/) },
          ...{ sequence: expect.any(Number), time: expect.any(Number) },
        },
      ]);
      const sessions = ofType(kiosk.entries, "session");
      expect(sessions.map(({ epoch, members }) => [epoch, members.length])).toEqual([
        [0, 4],
        [1, 3],
      ]);
      expect(ofType(kiosk.entries, "batch").at(-1)?.epoch).toBe(1);
      expect(rows(retold(kiosk, kiosk.records, kiosks))).toEqual(rows(kiosk.entries));
    }
    // Of three, the first leads in view 3, and of four the last.
    const [first] = kiosks;
    const stable = first!.records.find((record) => record.type === "stable" && record.proof.header.epoch === 1);
    const decided = first!.records.findLast((record) => record.type === "decided");
    if (stable === undefined || decided?.type !== "decided") throw new Error("the table changed and went on");
    const notes: Entry[] = [];
    const tells = historian({
      ...{ machine: tableMachine(first!.rules), founders: kiosks.map(({ key }) => key), digest: domainDigest },
      ...{ note: (entry: Entry) => notes.push(entry), ownerOf: () => new Uint8Array(32) },
    });
    const { certificate } = decided;
    tells.on({ type: "persist", record: stable });
    tells.on({ type: "persist", record: { ...decided, certificate: { ...certificate, view: view(3) } } });
    tells.on({ type: "executed", sequence: certificate.sequence, time: agreedMillis(1), done: [] });
    expect(ofType(notes, "batch")).toMatchObject([{ epoch: 1, view: 3, primary: 0 }]);
    await played.close();
  });
});
