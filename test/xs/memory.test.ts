import { describe, expect, test } from "vitest";
import type { MemoryFacts } from "../../hardware/boards/board.ts";
import { boards } from "../../hardware/boards/boards.ts";
import { runOnXs, type XsMemory, type XsRun } from "./engine/run.ts";

/** The smallest of our boards that keeps chunks and slots apart. There the built-ins and the code are in flash; here they are
 * loaded, so that their share is measured first and added. A chunk holds slots of twice a board's size where it holds an
 * array, which errs on the safe side; slots are counted, not weighed. */
const BOARD = boards.esp32.memory as MemoryFacts & { kind: "split" };

/** Programs that hold both ends: a board holds one, and boards.test.ts says how that fares. */
const PROGRAMS = ["serial-link 0.001 16", "reassembly 24", "outboxes 0.1 24", "modem 0.1 24"];

function run(program: string, memory: XsMemory): XsRun {
  const [name, ...args] = program.split(" ");
  return runOnXs({ entry: `test/xs/program/${name}.ts`, args: [...args, "1", "memory"], memory });
}

describe("in the memory of a board", () => {
  test.each(PROGRAMS)("%s does its work, and in an eighth of it does not", (program) => {
    const free = run(program, {});
    const loaded = JSON.parse(free.lines[0]!);
    const beyond = (share: number): XsMemory => ({
      chunkBytes: loaded.chunkBytes + BOARD.chunkBytes * share,
      heapSlots: loaded.heapSlots + BOARD.heapSlots * share,
      // Loading leaves its own frames on the stack, which no board has.
      stackSlots: loaded.stackSlots + BOARD.stackSlots,
    });
    const board = run(program, beyond(1));
    expect(board).toMatchObject({ exit: "done", stderr: "" });
    expect(board.lines.slice(1)).toEqual(free.lines.slice(1));
    expect(run(program, beyond(1 / 8)).exit).toBe("memory full");
  });
});
