/** Journals of four kiosks that have agreed on so many operations, real in every byte: the engines in one process, their
 * messages passed by hand, and nothing flushed before the end. */
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import type { Effect, Event } from "../../../host/engine/consensus/events.ts";
import { found } from "../../../host/engine/consensus/found.ts";
import { deadlineOf, step } from "../../../host/engine/consensus/step.ts";
import { keyValueMachine } from "../../../host/engine/keyvalue/key-value-machine.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { NodeRecord } from "../../../host/node/node-record.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { memberIndex, millis } from "../../../protocol/core/units.ts";
import { folderOf, seedsOf } from "./kill-rounds.ts";
import { OPTIONS, setNumber, TABLE } from "./kill-table.ts";

/** Of each kiosk, at a time: what fills batches. */
const TOGETHER = 12;

export async function fillJournals(folder: string, operations: number, seed: number): Promise<void> {
  const pairs = seedsOf(seed).map(keyPairFromSeed);
  const members = pairs.map(({ publicKey }) => publicKey.bytes);
  const wallMs = Date.now();
  const scratch = new Uint8Array(NodeRecord.sizeMax);
  const kiosks = await Promise.all(
    pairs.map(async (pair, me) => {
      const opened = await openJournal(fileDisk(folderOf(folder, me)));
      assert(opened.ok, "a new journal opens");
      const world = { ports: cryptoPorts(pair), machine: keyValueMachine };
      const founding = { options: OPTIONS, table: TABLE, members, key: members[me]!, at: millis(0), wallMs };
      return { journal: opened.journal, world, replica: found(founding, world) };
    }),
  );
  const keep = async (me: number, record: NodeRecord): Promise<void> => {
    const bytes = encode(NodeRecord, record, new Writer(scratch));
    const { journal } = kiosks[me]!;
    let appended = journal.append(bytes);
    if (appended === "unflushed") {
      await journal.flush();
      appended = journal.append(bytes);
    }
    assert(appended === "buffered", "so many operations fit a journal");
  };
  for (const me of kiosks.keys()) {
    await keep(me, { type: "engine", record: { type: "founded", table: TABLE, members } });
  }

  let now = 0;
  const line: { readonly to: number; readonly event: Event }[] = [];
  const feed = async (me: number, event: Event): Promise<void> => {
    const effects: Effect[] = [];
    step(kiosks[me]!.replica, event, effects, kiosks[me]!.world);
    for (const effect of effects) {
      if (effect.type === "persist") await keep(me, { type: "engine", record: effect.record });
      else if (effect.type === "say" || effect.type === "send") {
        for (const to of kiosks.keys()) {
          if (to === me || (effect.to !== "all" && effect.to !== to)) continue;
          const at = millis(now);
          if (effect.type === "say") line.push({ to, event: { type: "said", at, said: effect.said } });
          else line.push({ to, event: { type: "heard", at, from: memberIndex(me), message: effect.message } });
        }
      }
    }
  };
  const executed = (me: number): number =>
    kiosks[me]!.replica.state.table.clients.reduce((sum, client) => sum + client.executed, 0);

  while (kiosks.some((_, me) => executed(me) < operations)) {
    for (const [me, { replica }] of kiosks.entries()) {
      const waiting = replica.pools[me]!.waiting.length;
      for (let more = waiting; more < TOGETHER && replica.probing === undefined && executed(me) < operations; more++) {
        const operation = setNumber(me, replica.lastNumber + 1);
        await feed(me, { type: "submit", at: millis(now), seat: 0, operation });
      }
    }
    for (let next = line.shift(); next !== undefined; next = line.shift()) {
      await feed(next.to, { ...next.event, at: millis(now) } as Event);
    }
    now = Math.max(now + 1, Math.min(...kiosks.map(({ replica }) => deadlineOf(replica))));
    for (const [me, { replica }] of kiosks.entries()) {
      if (deadlineOf(replica) <= now) await feed(me, { type: "tick", at: millis(now) });
    }
  }
  for (const { journal } of kiosks) await journal.close();
}
