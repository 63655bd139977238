import { describe, expect, test } from "vitest";
import type { Board } from "../../hardware/boards/board.ts";
import { boards } from "../../hardware/boards/boards.ts";
import { countersOf, distinct, FREE_MIN, type Ran, row, runRecorded, STACK_SLOTS, TITLES } from "./board.ts";
import { EVERYTHING, type Load, loadsOf } from "./traffic/loads.ts";

function ranIn(board: Board, load: Load): Ran {
  const state = load.run(board);
  const ran = runRecorded(state, board.memory);
  expect(ran.run, load.name).toMatchObject({ exit: "done", stderr: "" });
  // What was measured is what was recorded: the modem did the same on XS as on Node.
  expect(ran.counters).toBe(countersOf(state));
  return ran;
}

/** Boards whose memory and radio are alike bear the same. */
describe.each(distinct(Object.values(boards)))("one radio in the memory of $name", (board) => {
  test("a quarter of it stays free at the peak, whatever comes, and all of it at once [I02]", () => {
    const lines = [`${board.title}: at the peak of each load`, TITLES];
    const scarce: string[] = [];
    for (const load of [...loadsOf(board), EVERYTHING]) {
      const ran = ranIn(board, load);
      lines.push(row(load.name, ran));
      if (!(ran.free >= FREE_MIN)) scarce.push(load.name);
      expect(ran.peak?.stackSlots).toBeLessThanOrEqual((1 - FREE_MIN) * STACK_SLOTS);
    }
    console.log(lines.join("\n"));
    expect(scarce).toEqual([]);
  }, 300_000);
});
