/** A program that is killed: it opens a history in a thread of its own, says what it found, and notes batches for ever; whenever an
 * answer shows that they are written, it says up to which. */
import { writeSync } from "node:fs";
import { openHistory } from "../../../../host/storage/history/history.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { batchAt, TABLE } from "./entries.ts";

const [, , path = ""] = process.argv;
// Whoever reads this has it, whatever becomes of us: a pipe takes it at once.
const say = (words: string): number => writeSync(1, `${words}\n`);

const notices: string[] = [];
const history = openHistory({ path, table: TABLE }, { onNotice: (text) => notices.push(text) });
const newest = (await history.newest()) ?? 0;
say(JSON.stringify({ newest, notices }));
for (let sequence = newest + 1; ; ) {
  for (const last = sequence + 40; sequence < last; sequence++) history.note(batchAt(sequence));
  const written = await history.newest();
  assert(written === sequence - 1 || notices.length > 0, "what was noted is written before the answer");
  say(String(written));
}
