/** Boards as a person names them. */
import type { Board } from "../../../hardware/boards/board.ts";
import { boardNamed, boards } from "../../../hardware/boards/boards.ts";
import { UsageError } from "../command.ts";
import { nearest } from "../nearest.ts";

export const boardNames = (): string[] => Object.values(boards).map(({ name }) => name);

export function boardOf(name: string): Board {
  // By its short name as well.
  const board = boardNamed(name) ?? Object.entries(boards).find(([short]) => short === name)?.[1];
  if (board !== undefined) return board;
  const meant = nearest(name, boardNames());
  throw new UsageError(
    `there is no board "${name}"; ${meant === undefined ? `there are ${boardNames().join(", ")}` : `did you mean ${meant}?`}`,
  );
}

/** The only operand. */
export function oneBoard(operands: readonly string[], usage: string): Board {
  const [name, ...more] = operands;
  if (name === undefined || more.length > 0) throw new UsageError(usage);
  return boardOf(name);
}
