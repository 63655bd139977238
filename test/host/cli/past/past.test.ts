import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Explanation } from "../../../../host/cli/past/explanation.ts";
import type { Check } from "../../../../host/cli/past/ledger-check.ts";
import { type LedgerFile, signed } from "../../../../host/cli/past/ledger-file.ts";
import type { TableFacts } from "../../../../host/cli/past/table-facts.ts";
import { keyPairFromSeed } from "../../../../host/crypto/ed25519-keys.ts";
import { sha256 } from "../../../../host/crypto/sha256.ts";
import { encodeTable, TableOperation } from "../../../../host/engine/consensus/table.ts";
import { takeTable } from "../../../../host/engine/table/snapshot.ts";
import { engineRecord } from "../../../../host/node/memory.ts";
import { NodeRecord } from "../../../../host/node/node-record.ts";
import { fileDisk } from "../../../../host/storage/file-disk.ts";
import { HISTORY_NAME, inPlace, openHistory } from "../../../../host/storage/history/history.ts";
import { openJournal } from "../../../../host/storage/journal/open-journal.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { KIOSK_SEAT } from "../../../../protocol/message/fields.ts";
import { type Played, playedTable } from "../../past/played-table.ts";
import { folders } from "../../storage/folders.ts";
import { ask, asked } from "./asking.ts";

const here = folders();
let table: Played;
/** The last sequence, where all four are. */
let last = 0;
const kiosk = (at: number): string => join(table.folder, `kiosk-${at}`);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

beforeAll(async () => {
  table = await playedTable(here.make(), 4, 21);
  await table.playTo(30);
  // Rules that it plays by already.
  const approve = encode(TableOperation, { type: "approve", change: { type: "rules", version: 1 } }).slice();
  await table.submit(1, KIOSK_SEAT, approve);
  await table.playTo(62);
  last = table.kiosks[0]!.replica.executed;
}, 60_000);
afterAll(async () => {
  await table.close();
  here.removeAll();
});

/** A kiosk's folder that may be spoilt. */
function copyOf(at: number): string {
  const to = join(here.make(), "kiosk");
  cpSync(kiosk(at), to, { recursive: true, verbatimSymlinks: true });
  return to;
}
const journalFile = (folder: string): string =>
  join(folder, "journal", readdirSync(join(folder, "journal")).find((name) => /^journal-\d+$/.test(name)) ?? "");

/** Of a running kiosk: where its files are, and what is in them. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => `${name} ${statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs}`);

describe("hardway replay", () => {
  test("shows what every kiosk shows after the same sequence, while they run, and changes nothing there", async () => {
    const before = filesOf(kiosk(0));
    for (const to of [0, 1, 50, last - 1]) {
      const states = await Promise.all(
        [0, 1, 2, 3].map((at) => asked<TableFacts>("replay", kiosk(at), "--to", `${to}`)),
      );
      expect(states.map(({ sequence }) => sequence)).toEqual([to, to, to, to]);
      expect(new Set(states.map(({ digest, seats, history }) => JSON.stringify([digest, seats, history]))).size).toBe(
        1,
      );
    }
    const whole = await asked<TableFacts>("replay", kiosk(2));
    const { replica } = table.kiosks[2]!;
    expect([whole.sequence, whole.history]).toEqual([last, hex(replica.state.history)]);
    expect(whole.bank).toBe(replica.state.machine.ledger.bank);
    expect(whole.isBalanced).toBe(true);
    expect(filesOf(kiosk(0))).toEqual(before);
  });

  test("tells seats, chips, bets, puck and dice in words", async () => {
    const { exit, out } = await ask("replay", kiosk(1));
    expect(exit).toBe("done");
    expect(out).toContain(`after sequence ${last}, 2026-`);
    expect(out).toMatch(/^place 0, member \d: \d+ chips? free, \d+ on the table, 0 staked/m);
    expect(out).toMatch(/^the puck is (?:off|on \d+), place \d shoots, the dice (?:rest|are on their way)/m);
    expect(out).toContain("all 1001000000 chips are there");
  });

  test("says which sequences are there where that one is not", async () => {
    const { exit, err } = await ask("replay", kiosk(0), "--to", "100000");
    expect([exit, err]).toEqual(["missing", expect.stringContaining(`the journal ends with ${last}.\nNext: `)]);
  });

  test("of a journal that was made short begins with the state that was signed", async () => {
    await table.shorten(1);
    expect((await asked<TableFacts>("replay", kiosk(1))).digest).toBe(
      (await asked<TableFacts>("replay", kiosk(0))).digest,
    );
    expect((await asked<TableFacts>("replay", kiosk(1), "--to", "55")).sequence).toBe(55);
    const { exit, err } = await ask("replay", kiosk(1), "--to", "49");
    expect(exit).toBe("missing");
    expect(err).toMatch(/sequence 49 is not in the journal any more: it begins with the state after \d+\./);
  });

  test("of a damaged journal shows how far it leads, and ends with a code of its own", async () => {
    const folder = copyOf(0);
    const path = journalFile(folder);
    const bytes = readFileSync(path);
    bytes.fill(0x5a, bytes.length >> 1, (bytes.length >> 1) + 40);
    writeFileSync(path, bytes);
    const { exit, out, err } = await ask("replay", folder);
    expect(exit).toBe("damaged");
    expect(err).toContain("is damaged: journal-");
    const sequence = Number(/after sequence (\d+),/.exec(out)?.[1]);
    expect(sequence).toBeGreaterThan(5);
    expect(sequence).toBeLessThan(last);
    expect(out).toContain((await asked<TableFacts>("replay", kiosk(0), "--to", `${sequence}`)).digest);
    bytes.fill(0, 0, 16);
    writeFileSync(path, bytes);
    expect(await ask("replay", folder)).toMatchObject({
      exit: "damaged",
      out: "",
      err: expect.stringContaining("its head is damaged"),
    });
  });

  test("says plainly that a journal is of another table, of another version, or none", async () => {
    const folder = copyOf(0);
    writeFileSync(join(folder, "..", "table.json"), JSON.stringify({ table: "00".repeat(16) }));
    expect(await ask("replay", folder)).toMatchObject({
      exit: "foreign",
      err: expect.stringMatching(/is of table [0-9a-f]{32}, and/),
    });
    expect((await ask("replay", join(folder, "nowhere"))).exit).toBe("missing");
    const empty = join(here.make(), "kiosk");
    mkdirSync(join(empty, "journal"), { recursive: true });
    expect(await ask("replay", empty)).toMatchObject({
      exit: "missing",
      err: expect.stringContaining("no journal is there"),
    });
    const later = copyOf(3);
    rmSync(join(later, "journal"), { recursive: true });
    await written(later, [new Uint8Array([0x77, 1, 2, 3])]);
    expect((await ask("replay", later)).exit).toBe("foreign");
  });

  test("of a journal that contradicts itself says so, and throws nothing", async () => {
    const folder = copyOf(3);
    rmSync(join(folder, "journal"), { recursive: true });
    const records = table.kiosks[3]!.records.map((record) => {
      if (record.type !== "stable") return record;
      // At a place that it never came to, with a state that is none.
      const header = { ...record.proof.header, sequence: (last + 9) as typeof record.proof.header.sequence };
      return { ...record, proof: { ...record.proof, header }, state: new Uint8Array(5) };
    });
    await written(
      folder,
      records.map((record) => encode(NodeRecord, engineRecord(record)).slice()),
    );
    expect(await ask("replay", folder)).toMatchObject({
      exit: "damaged",
      err: expect.stringContaining("contradicts itself"),
    });
  });
});

async function written(folder: string, records: readonly Uint8Array[]): Promise<void> {
  const opened = await openJournal(fileDisk(join(folder, "journal")));
  if (!opened.ok) throw new Error(opened.why);
  for (const record of records) opened.journal.append(record);
  await opened.journal.close();
}

describe("hardway explain", () => {
  test("says who asked, who voted and which certificate proves it, as every kiosk saw it", async () => {
    const told = await Promise.all([0, 2, 3].map((at) => asked<Explanation>("explain", "20", "--at", kiosk(at))));
    for (const [i, at] of [0, 2, 3].entries()) {
      const { operations, steps, primary, view } = told[i]!;
      expect([operations, view]).toEqual([told[0]!.operations, told[0]!.view]);
      expect(operations.length).toBeGreaterThan(0);
      const own = steps.filter((step) => step.type === "voted");
      expect(own[0]).toMatchObject({ member: at, vote: at === primary ? "propose" : "prepare" });
      const decided = steps.find((step) => step.type === "decided");
      expect(decided?.members.length).toBeGreaterThanOrEqual(decided?.way === "unanimous" ? 4 : 3);
      const order = steps.map(({ type }) => type);
      expect(order.indexOf("kept")).toBeLessThan(order.indexOf("voted"));
      expect(order.indexOf("voted")).toBeLessThan(order.indexOf("decided"));
      expect(order.at(-1)).toBe("stable");
      const asks = operations.some(({ member }) => member === at);
      expect(order.includes("asked")).toBe(asks);
    }
  });

  test("says what a roll did: the dice, the puck, whose chips went where, and nothing is lost in it", async () => {
    const rolled = table.kiosks[0]!.entries.find((entry) => entry.type === "roll" && entry.fell !== undefined);
    expect(rolled?.type).toBe("roll");
    if (rolled?.type !== "roll" || rolled.fell === undefined) return;
    const { out, exit } = await ask("explain", `${rolled.sequence}`, "--at", kiosk(0));
    expect(exit).toBe("done");
    const { first, second } = rolled.fell;
    expect(out).toMatch(
      new RegExp(
        `brings the dice of roll ${rolled.roll}, by the partials of \\d holders .*: roll ${rolled.roll}: ${first} and ${second}$`,
        "m",
      ),
    );
    expect(out).toMatch(new RegExp(`^ {2}roll ${rolled.roll}: ${first} and ${second}$`, "m"));
    expect(out).toMatch(/certificate: prepared in view 0 by members \d, \d, \d/);
    const [before, after] = await Promise.all(
      [rolled.sequence - 1, rolled.sequence].map((to) => asked<TableFacts>("replay", kiosk(0), "--to", `${to}`)),
    );
    for (const seat of after!.seats) {
      const old = before!.seats.find(({ place }) => place === seat.place);
      if (old?.free !== seat.free) expect(out).toContain(`free ${old?.free} → ${seat.free}`);
    }
  });

  test("says what came of a kiosk's own wishes", async () => {
    const entry = table.kiosks[0]!.entries.find(
      (each) => each.type === "batch" && each.operations.some(({ seat }) => seat === KIOSK_SEAT),
    );
    const { out } = await ask("explain", `${entry?.sequence}`, "--at", kiosk(2));
    expect(out).toMatch(/member 1 \([0-9a-f]{8}\), for itself approves of the rules 1 .*: refused: no newer rules$/m);
  });

  test("turns to the history for what the journal does not tell any more, and says so", async () => {
    const folder = copyOf(1);
    expect((await ask("explain", "7", "--at", folder)).exit).toBe("missing");
    const history = openHistory({ path: join(folder, HISTORY_NAME), table: "t" }, { hire: inPlace });
    for (const entry of table.kiosks[1]!.entries) history.note(entry);
    await history.close();
    const { exit, out } = await ask("explain", "7", "--at", folder);
    expect(exit).toBe("done");
    expect(out).toContain("by the history, for the journal was made short");
    const [operation] = (await asked<Explanation>("explain", "7", "--at", kiosk(0))).operations;
    expect(out).toContain(operation?.asks);
  });

  test("takes a sequence and a folder, and nothing else", async () => {
    for (const words of [["0", "--at", kiosk(0)], ["x", "--at", kiosk(0)], ["5"], ["--at", kiosk(0)]]) {
      expect((await ask("explain", ...words)).exit).toBe("usage");
    }
    expect((await ask("explain", "99999", "--at", kiosk(0))).exit).toBe("missing");
  });
});

interface LedgerTold {
  readonly ok: boolean;
  readonly minted: number;
  readonly checks: readonly Check[];
}

describe("hardway ledger audit", () => {
  test("counts every chip after every step, follows the chain and verifies what was signed, also of a short journal", async () => {
    for (const at of [0, 1]) {
      const { ok, minted, checks } = await asked<LedgerTold>("ledger", "audit", kiosk(at));
      expect([ok, minted]).toEqual([true, 1_001_000_000]);
      expect(checks.map(({ name }) => name)).toEqual(["sum", "steps", "chain", "decision", "checkpoints"]);
      expect(checks[3]?.words).toContain(`up to sequence ${last} signed by members`);
    }
    const { exit, out } = await ask("ledger", "audit", kiosk(0));
    expect(exit).toBe("done");
    expect(out.match(/^ {2}account \d, member \d: \d+ chips/gm)).toHaveLength(4);
  });

  const spoils: readonly (readonly [
    what: string,
    name: Check["name"],
    spoil: (record: Played["kiosks"][0]["records"][0]) => unknown,
  ])[] = [
    [
      "a decision that fewer have signed",
      "decision",
      (record) =>
        record.type === "decided"
          ? { ...record, certificate: { ...record.certificate, ballots: record.certificate.ballots.slice(1) } }
          : record,
    ],
    [
      "a decision that begins elsewhere",
      "chain",
      (record) =>
        record.type === "decided" && record.certificate.sequence > 40
          ? {
              ...record,
              certificate: { ...record.certificate, base: { ...record.certificate.base, digest: sha256() } },
            }
          : record,
    ],
    [
      "a decision to which nothing leads",
      "chain",
      (record) => {
        if (record.type !== "decided" || record.certificate.sequence < last) return record;
        const { certificate } = record;
        const base = { sequence: (last + 3) as never, digest: sha256() };
        const names = certificate.names.slice(-1);
        return { ...record, certificate: { ...certificate, base, names, sequence: (last + 4) as never } };
      },
    ],
    [
      "a checkpoint whose signatures are of something else",
      "checkpoints",
      (record) =>
        record.type === "stable"
          ? { ...record, proof: { ...record.proof, header: { ...record.proof.header, time: 5 as never } } }
          : record,
    ],
    [
      "a checkpoint with another state",
      "checkpoints",
      (record) => (record.type === "stable" ? { ...record, state: record.state.slice(1) } : record),
    ],
  ];
  for (const [what, name, spoil] of spoils) {
    test(`finds ${what}`, async () => {
      const folder = copyOf(2);
      rmSync(join(folder, "journal"), { recursive: true });
      const records = table.kiosks[2]!.records.map((record) => spoil(record) as typeof record);
      await written(
        folder,
        records.map((record) => encode(NodeRecord, engineRecord(record)).slice()),
      );
      const { exit, out, err } = await ask("ledger", "audit", folder);
      expect([exit, out]).toEqual([expect.stringMatching(/unsound|damaged/), expect.anything()]);
      expect(exit === "damaged" ? err : out).toMatch(
        exit === "damaged" ? /contradicts itself/ : new RegExp(`^BAD ${name}:`, "m"),
      );
    });
  }
});

/** The state as it is now, in the bytes of a checkpoint. */
function nowAt(at: number): string {
  const { replica, rules } = table.kiosks[at]!;
  return hex(encodeTable(replica.state.table, takeTable(rules, replica.state.machine)));
}

describe("hardway ledger export", () => {
  test("writes a file that its kiosk signs and that anyone can audit, and every change of which shows", async () => {
    const out = join(here.make(), "ledger.json");
    expect(await ask("ledger", "export", kiosk(3), "--out", out)).toMatchObject({
      exit: "done",
      out: expect.stringContaining("signed by member 3"),
    });
    const told = await asked<LedgerTold>("ledger", "audit", out);
    expect([told.ok, told.checks.map(({ ok }) => ok)]).toEqual([true, [true, true, true, true, true]]);
    const file = JSON.parse(readFileSync(out, "utf8")) as LedgerFile;
    expect(JSON.stringify(file)).not.toContain(readFileSync(join(kiosk(3), "key"), "utf8").trim());
    const [first, ...rest] = file.accounts;
    const changed: readonly Partial<LedgerFile>[] = [
      { bank: file.bank + 1 },
      { bank: file.bank - 1, pool: file.pool + 1 },
      { accounts: [{ ...first!, free: first!.free + 1 }, ...rest] },
      { minted: file.minted + 1 },
      { sequence: file.sequence - 1 },
      { history: hex(sha256()) },
      { members: [...file.members].reverse() },
      { decision: file.decision!.replace(/.$/, (digit) => (digit === "0" ? "1" : "0")) },
      { checkpoint: { ...file.checkpoint!, state: `${file.checkpoint!.state}00` } },
      // A state that is one, and was signed at no time.
      { checkpoint: { ...file.checkpoint!, state: nowAt(3) } },
      { signature: { ...file.signature!, value: "00".repeat(64) } },
      { signature: { ...file.signature!, key: hex(sha256()) } },
    ];
    for (const change of changed) {
      writeFileSync(out, JSON.stringify({ ...file, ...change }));
      expect([Object.keys(change), (await ask("ledger", "audit", out)).exit]).toEqual([Object.keys(change), "unsound"]);
    }
    // By whoever has the key, too: chips that add up it may move, and nothing that others have signed.
    const seed = new Uint8Array(Buffer.from(readFileSync(join(kiosk(3), "key"), "utf8").trim(), "hex"));
    for (const change of changed.filter((each) => !("pool" in each || "signature" in each))) {
      writeFileSync(out, JSON.stringify(signed({ ...file, ...change }, keyPairFromSeed(seed))));
      expect([Object.keys(change), (await ask("ledger", "audit", out)).exit]).toEqual([Object.keys(change), "unsound"]);
    }
    // Without its signature the accounts are nobody's word, and what the members signed still holds.
    const { signature: _, ...bare } = file;
    writeFileSync(out, JSON.stringify(bare));
    expect((await ask("ledger", "audit", out)).exit).toBe("done");
    for (const text of ["{", "[]", '{"hardwayLedger":9}', JSON.stringify({ ...file, bank: -1 })]) {
      writeFileSync(out, text);
      expect((await ask("ledger", "audit", out)).exit).toBe("failed");
    }
  });

  test("is not signed where the key is not there or cannot be opened, and says so", async () => {
    const folder = copyOf(0);
    const out = join(folder, "ledger.json");
    writeFileSync(join(folder, "key"), "a keystore that this is not");
    const asked = await ask("ledger", "export", folder, "--out", out);
    expect([asked.exit, asked.err]).toEqual(["done", expect.stringContaining("the file is not signed")]);
    rmSync(join(folder, "key"));
    expect((await ask("ledger", "export", folder, "--out", out)).out).toContain("not signed");
    expect(readdirSync(folder).sort()).toEqual(["journal", "ledger.json"]);
    expect((await ask("ledger", "audit", out)).exit).toBe("done");
    expect((await ask("ledger", "export", folder, "--out", join(folder, "no", "where"))).exit).toBe("missing");
  });
});

test("a table with more places than founders is replayed, audited and exported as what it is", async () => {
  const roomy = await playedTable(here.make(), 2, 22, { seats: 8, bets: "everything" });
  await roomy.playTo(55);
  const folder = join(roomy.folder, "kiosk-0");
  const { replica } = roomy.kiosks[0]!;
  expect(replica.state.machine.places.length).toBe(8);
  const shown = await asked<TableFacts>("replay", folder);
  expect([shown.sequence, shown.history]).toEqual([replica.executed, hex(replica.state.history)]);
  expect((await ask("ledger", "audit", folder)).exit).toBe("done");
  const out = join(here.make(), "ledger.json");
  expect((await ask("ledger", "export", folder, "--out", out)).exit).toBe("done");
  expect((await ask("ledger", "audit", out)).exit).toBe("done");
  await roomy.close();
});
