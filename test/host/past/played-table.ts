/** A table of kiosks that has been played: the engines in one process and in virtual time, their words passed by hand, keys, dice and
 * journals real in every byte, so that whatever reads a kiosk's folder finds one. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { domainDigest } from "../../../host/crypto/domain-digest.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { diceKeyOf, diceSecretOf } from "../../../host/crypto/ristretto-keys.ts";
import { sha256 } from "../../../host/crypto/sha256.ts";
import type { Effect, Event } from "../../../host/engine/consensus/events.ts";
import { found } from "../../../host/engine/consensus/found.ts";
import { liveRecords } from "../../../host/engine/consensus/live-records.ts";
import type { Record } from "../../../host/engine/consensus/records.ts";
import type { Replica, World } from "../../../host/engine/consensus/state.ts";
import { deadlineOf, step } from "../../../host/engine/consensus/step.ts";
import { ownDice } from "../../../host/engine/dice/own-state.ts";
import type { Ports } from "../../../host/engine/ports.ts";
import { ownerOf } from "../../../host/engine/table/players.ts";
import { tableMachine } from "../../../host/engine/table/table-machine.ts";
import { BLE } from "../../../host/engine/timing/profiles.ts";
import { type Attention, heardFor, look } from "../../../host/node/attend.ts";
import { BOT_SEAT, type Bot, bot, nextWish, onAnswered, onNumbered } from "../../../host/node/bot.ts";
import { type CrapsRules, type CrapsTable, crapsRules, type FoundedGame } from "../../../host/node/craps-table.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { diceAttendant } from "../../../host/node/dice-attendant.ts";
import { ownDicePorts } from "../../../host/node/dice-ports.ts";
import { engineRecord } from "../../../host/node/memory.ts";
import { NodeRecord } from "../../../host/node/node-record.ts";
import { rollFile } from "../../../host/node/roll-file.ts";
import { watchRolls } from "../../../host/node/roll-watch.ts";
import { type Historian, historian } from "../../../host/past/historian.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import type { Entry } from "../../../host/storage/history/entry.ts";
import type { Journal } from "../../../host/storage/journal/journal.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { memberIndex, millis } from "../../../protocol/core/units.ts";
import { bytesComeBefore } from "../../../protocol/message/fields.ts";

export interface Played {
  readonly folder: string;
  readonly kiosks: readonly PlayedKiosk[];
  /** Until every kiosk that is not away has executed so many sequences, and nobody waits for anything. */
  readonly playTo: (sequence: number, away?: readonly number[]) => Promise<void>;
  /** Somebody asks for something, whatever it is. */
  readonly submit: (kiosk: number, seat: number, operation: Uint8Array) => Promise<void>;
  /** The kiosk's journal is made short, as when it is long. */
  readonly shorten: (kiosk: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface PlayedKiosk {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly replica: Replica<CrapsTable>;
  readonly rules: CrapsRules;
  /** With its own key. */
  readonly ports: Ports;
  /** What its historian noted while it was played. */
  readonly entries: Entry[];
  /** All that it ever wrote down. */
  readonly records: Record[];
}

interface Playing extends PlayedKiosk {
  readonly journal: Journal;
  readonly world: World<CrapsTable>;
  readonly bot: Bot;
  readonly attention: Attention<CrapsTable>;
  readonly historian: Historian<CrapsTable>;
}

const WALL_MS = 1_795_262_400_000;
const ROUND_MS = 25;
const ROUNDS_MAX = 40_000;
/** What was written before is known as durable by what comes after. */
const FLUSH_EVERY_ROUNDS = 40;
const OPTIONS = {
  ...{ checkpointEvery: 50, window: 8, batchLengthMax: 50 },
  ...{ fastPath: true, bundles: true, lazy: true, rules: [1], profile: BLE },
};

export async function playedTable(
  folder: string,
  count: number,
  seed: number,
  game: FoundedGame = {},
): Promise<Played> {
  const seeds: Uint8Array[] = [];
  for (let at = 0; at < count; at++) seeds.push(sha256(utf8Encode(`table ${seed} kiosk ${at}`)));
  const pairs = seeds.map((each) => ({ seed: each, pair: keyPairFromSeed(each) }));
  pairs.sort((left, right) => (bytesComeBefore(left.pair.publicKey.bytes, right.pair.publicKey.bytes) ? -1 : 1));
  const members = pairs.map(({ pair }) => pair.publicKey.bytes);
  const table = sha256(utf8Encode(`table ${seed}`)).subarray(0, 16);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  writeFileSync(join(folder, "table.json"), JSON.stringify({ table: hex(table), members: members.map(hex), ...game }));
  let now = 0;
  const scratch = new Uint8Array(NodeRecord.sizeMax);

  const kiosks: Playing[] = [];
  for (const [me, { seed: own, pair }] of pairs.entries()) {
    const at = join(folder, `kiosk-${me}`);
    mkdirSync(at);
    writeFileSync(join(at, "key"), `${hex(own)}\n`);
    const opened = await openJournal(fileDisk(join(at, "journal")));
    assert(opened.ok, "a new journal opens");
    const ports = cryptoPorts(pair);
    const dicePorts = ownDicePorts(ports);
    const rules = crapsRules(table, members, dicePorts, game);
    const diceKey = diceKeyOf(members[me]!);
    assert(rules !== undefined && diceKey !== undefined, "a test's keys are keys");
    const entries: Entry[] = [];
    const tells: Historian<CrapsTable> = historian({
      machine: watchRolls(tableMachine(rules), rules, ({ roll, fell }) => {
        if (fell !== undefined) tells.rolled(roll, JSON.stringify(rollFile(fell.keys, fell.proof)));
      }),
      ...{ founders: members, digest: domainDigest, note: (entry) => entries.push(entry) },
      ownerOf: (key, seat) => ownerOf(rules, key, seat),
    });
    const world = { ports, machine: tells.machine };
    const founding = { options: OPTIONS, table, members, key: members[me]!, at: millis(0), wallMs: WALL_MS };
    // Of a journal in which nothing is yet.
    for (const _ of tells.retell([])) assert(false, "there is nothing to tell");
    const replica = found(founding, world);
    const attention: Attention<CrapsTable> = {
      ...{ of: replica, world, onRefused: () => {}, seen: undefined },
      attendant: diceAttendant(ownDice(diceSecretOf(own), diceKey, millis(0)), dicePorts),
    };
    kiosks.push({
      ...{ folder: at, key: members[me]!, replica, rules, ports, entries, records: [], journal: opened.journal, world },
      ...{ bot: bot(seed + me), attention, historian: tells },
    });
  }

  const keep = async (kiosk: Playing, record: Record): Promise<void> => {
    kiosk.records.push(structuredClone(record));
    const bytes = encode(NodeRecord, engineRecord(record), new Writer(scratch));
    if (kiosk.journal.append(bytes) === "buffered") return;
    await kiosk.journal.flush();
    assert(kiosk.journal.append(bytes) === "buffered", "so little fits a journal");
  };

  const line: { readonly to: number; readonly event: Event }[] = [];
  const perform = async (me: number, effects: readonly Effect[]): Promise<void> => {
    const kiosk = kiosks[me]!;
    for (const effect of effects) {
      if (effect.type === "persist") {
        await keep(kiosk, effect.record);
        if (effect.record.type === "request") {
          const { number, operation } = effect.record.signed.request;
          onNumbered(kiosk.bot, number, operation);
        }
      } else if (effect.type === "answered") onAnswered(kiosk.bot, effect.number, now);
      else if (effect.type === "say" || effect.type === "send") {
        for (const to of kiosks.keys()) {
          if (to === me || (effect.to !== "all" && effect.to !== to)) continue;
          const at = millis(now);
          if (effect.type === "say") line.push({ to, event: { type: "said", at, said: effect.said } });
          else line.push({ to, event: { type: "heard", at, from: memberIndex(me), message: effect.message } });
        }
      }
      kiosk.historian.on(effect);
    }
  };
  const feed = async (me: number, event: Event): Promise<void> => {
    const { replica, world, attention } = kiosks[me]!;
    const effects: Effect[] = [];
    if (!heardFor(attention, event, effects)) step(replica, event, effects, world);
    look(attention, millis(now), effects);
    await perform(me, effects);
  };
  const deliver = async (away: readonly number[]): Promise<void> => {
    for (let next = line.shift(); next !== undefined; next = line.shift()) {
      if (!away.includes(next.to)) await feed(next.to, { ...next.event, at: millis(now) } as Event);
    }
  };
  const isWaiting = (away: readonly number[]): boolean =>
    kiosks.some((kiosk, me) => !away.includes(me) && kiosk.replica.pools.some(({ waiting }) => waiting.length > 0));

  for (const { replica } of kiosks) assert(bytesEqual(replica.table, table), "all found the same table");
  for (const kiosk of kiosks) await keep(kiosk, { type: "founded", table, members });
  for (const me of kiosks.keys()) await feed(me, { type: "clock", at: millis(0), wallMs: WALL_MS });

  const round = async (away: readonly number[], asks: boolean): Promise<void> => {
    now += ROUND_MS;
    for (const [me, { replica, rules, key, bot: player }] of kiosks.entries()) {
      if (away.includes(me)) continue;
      const ready = asks && replica.probing === undefined && replica.mutedUntil === undefined;
      const wish = ready ? nextWish(player, { rules, key, state: replica.state.machine }, now) : undefined;
      if (wish !== undefined) await feed(me, { type: "submit", at: millis(now), seat: BOT_SEAT, operation: wish });
      if (now >= deadlineOf(replica)) await feed(me, { type: "tick", at: millis(now) });
      else await feed(me, { type: "clock", at: millis(now), wallMs: WALL_MS + now });
    }
    await deliver(away);
  };

  return {
    folder,
    kiosks,
    async playTo(sequence, away = []) {
      const isThere = (): boolean =>
        kiosks.every(({ replica }, me) => away.includes(me) || replica.executed >= sequence);
      for (let rounds = 0; !isThere(); rounds++) {
        assert(rounds < ROUNDS_MAX, `the table comes to sequence ${sequence}`);
        await round(away, true);
        if (rounds % FLUSH_EVERY_ROUNDS === 0) for (const { journal } of kiosks) await journal.flush();
      }
      const reached = (): number[] =>
        kiosks.flatMap(({ replica }, me) => (away.includes(me) ? [] : [replica.executed]));
      for (let rounds = 0; isWaiting(away) || new Set(reached()).size > 1; rounds++) {
        assert(rounds < ROUNDS_MAX, "the table comes to rest");
        await round(away, false);
      }
      for (const { journal } of kiosks) await journal.flush();
    },
    async submit(kiosk, seat, operation) {
      await feed(kiosk, { type: "submit", at: millis(now), seat, operation });
      await deliver([]);
    },
    async shorten(me) {
      const { journal, replica } = kiosks[me]!;
      const records = liveRecords(replica, members).map((record) => encode(NodeRecord, engineRecord(record)).slice());
      assert((await journal.compact(records)) === "compacted", "so little fits a journal");
    },
    async close() {
      for (const { journal } of kiosks) await journal.close();
    },
  };
}
