import { expect, test } from "vitest";
import { boards } from "../../hardware/boards/boards.ts";
import { countersOf, type Ran, runRecorded, type Use } from "./board.ts";
import { exchange } from "./traffic/loads.ts";

const board = boards.esp32;

/** Between two marks at which all is quiet. A few slots and bytes come and go with the numbers that a state holds. */
function growth({ marks }: Ran): Pick<Use, "chunkBytes" | "heapSlots"> {
  const [early, late] = marks as [Use, Use];
  return { chunkBytes: late.chunkBytes - early.chunkBytes, heapSlots: late.heapSlots - early.heapSlots };
}

const CHUNK_BYTES_MAX = 256;
const HEAP_SLOTS_MAX = 16;

test("after a hundred thousand packets a radio holds no more than after ten thousand", () => {
  const state = exchange(board, [10_000, 100_000]);
  const ran = runRecorded(state, board.memory, { coarse: true });
  expect(ran.run).toMatchObject({ exit: "done", stderr: "" });
  expect(ran.counters).toBe(countersOf(state));
  const { chunkBytes, heapSlots } = growth(ran);
  expect(chunkBytes).toBeLessThanOrEqual(CHUNK_BYTES_MAX);
  expect(heapSlots).toBeLessThanOrEqual(HEAP_SLOTS_MAX);
}, 300_000);

test("one small object kept for each packet is seen within a few hundred, and soon the memory is full", () => {
  const short = runRecorded(exchange(board, [100, 500]), board.memory, { coarse: true, plant: "leak" });
  expect(short.run.exit).toBe("done");
  expect(growth(short).heapSlots).toBeGreaterThan(300);
  expect(growth(short).heapSlots).toBeGreaterThan(HEAP_SLOTS_MAX);
  const long = runRecorded(exchange(board, [4_000]), board.memory, { coarse: true, plant: "leak" });
  expect(long.run.exit).toBe("memory full");
});
