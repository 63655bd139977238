/** A kiosk's journal in figures: of what it consists, and what it costs the card. */
import { join } from "node:path";
import { decode } from "../../../protocol/bytes/codec.ts";
import { flushesIn, type JournalFacts, journalFacts } from "../../backup/journal-facts.ts";
import { NodeRecord } from "../../node/node-record.ts";
import { type CardBudget, cardBudget } from "../../service/card-budget.ts";

export interface JournalFigures extends JournalFacts {
  readonly operations: number;
  readonly bytesAnOperation: number | undefined;
  /** Of agreed time, from its first batch to its last. */
  readonly spanMs: number;
  readonly flushes: number;
  /** At the pace of that span; undefined where it is too short. */
  readonly budget: CardBudget | undefined;
}

export function journalFigures(folder: string): JournalFigures {
  const path = join(folder, "journal");
  let [operations, from, until] = [0, Number.POSITIVE_INFINITY, 0];
  const facts = journalFacts(path, (bytes) => {
    const decoded = decode(NodeRecord, bytes);
    if (!decoded.ok) return "unknown";
    if (decoded.value.type !== "engine") return decoded.value.type;
    const { record } = decoded.value;
    if (record.type !== "batch") return record.type;
    operations += record.batch.requests.length;
    from = Math.min(from, record.batch.time);
    until = Math.max(until, record.batch.time);
    return "batch";
  });
  const spanMs = Math.max(0, until - from);
  const flushes = flushesIn(path);
  const written = { name: "journal", bytes: facts.sizeOfRecords, flushes };
  return {
    ...{ ...facts, operations, spanMs, flushes, budget: cardBudget([written], spanMs) },
    bytesAnOperation: operations === 0 ? undefined : Math.round(facts.sizeOfRecords / operations),
  };
}
