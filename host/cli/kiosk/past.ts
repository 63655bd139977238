/** A kiosk's history behind its journal: what the journal brings back is told first, and then what happens. */
import { join } from "node:path";
import { domainDigest } from "../../crypto/domain-digest.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import type { Record } from "../../engine/consensus/records.ts";
import type { Machine } from "../../engine/machine.ts";
import { ownerOf } from "../../engine/table/players.ts";
import type { Log } from "../../logs/logger.ts";
import type { CrapsRules, CrapsTable } from "../../node/craps-table.ts";
import { rollFile } from "../../node/roll-file.ts";
import type { SeenRoll } from "../../node/roll-watch.ts";
import type { KioskOptions } from "../../node/start-kiosk.ts";
import { type Historian, historian } from "../../past/historian.ts";
import type { Entry } from "../../storage/history/entry.ts";
import { HISTORY_NAME, type History, openHistory } from "../../storage/history/history.ts";

export interface KeptPast {
  readonly past: NonNullable<KioskOptions["past"]>;
  readonly on: (effect: Effect) => void;
  readonly onRoll: (roll: SeenRoll) => void;
  /** The kiosk holds its folder: nobody else writes there. */
  readonly open: () => void;
  readonly close: () => Promise<void>;
}

export function keepPast(folder: string, rules: CrapsRules, log: Log): KeptPast {
  let history: History | undefined;
  let teller: Historian<CrapsTable> | undefined;
  /** What is told before it may be opened: that a table was founded. */
  const early: Entry[] = [];
  const note = (entry: Entry): void => {
    if (history === undefined) early.push(entry);
    else history.note(entry);
  };
  const open = (): void => {
    if (history !== undefined) return;
    const table = Buffer.from(rules.table).toString("hex");
    history = openHistory({ path: join(folder, HISTORY_NAME), table }, { onNotice: (text) => log.warn(text) });
    for (const entry of early.splice(0)) history.note(entry);
  };
  const machineOf = (machine: Machine<CrapsTable>): Machine<CrapsTable> => {
    const founders = rules.members.map(({ key }) => key);
    const ownerOfSeat = (key: Uint8Array, seat: number): Uint8Array => ownerOf(rules, key, seat);
    teller = historian({ machine, founders, digest: domainDigest, ownerOf: ownerOfSeat, note });
    return teller.machine;
  };
  return {
    past: {
      machineOf,
      *retell(records) {
        const opening = openingBy(records, open);
        yield* teller?.retell(opening) ?? opening;
      },
    },
    on: (effect) => teller?.on(effect),
    onRoll({ roll, fell }) {
      if (fell !== undefined) teller?.rolled(roll, JSON.stringify(rollFile(fell.keys, fell.proof)));
    },
    open,
    close: async () => history?.close(),
  };
}

/** The first record is of this table: another one's history is not touched. */
function* openingBy(records: Iterable<Record>, open: () => void): Generator<Record> {
  for (const record of records) {
    open();
    yield record;
  }
}
