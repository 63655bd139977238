/** Boards that only a tool of the vendor's can write: we say in plain words what it takes, down to the command. */
import type { Board, FlashMethod } from "../boards/board.ts";
import type { LoadedFile } from "../images/image.ts";
import { type FlashRefusal, refusal } from "./result.ts";

export type FindTool = (name: string) => Promise<string | undefined>;

type Method = Extract<FlashMethod, { kind: "vendorTool" }>;

/** Never a success: what a person runs, only the board's next hello can confirm. */
export async function askForTool(
  board: Board,
  method: Method,
  file: LoadedFile,
  find: FindTool,
): Promise<FlashRefusal> {
  const { tool } = method;
  const found = await find(tool);
  const words = method.words.replace("IMAGE.hex", `"${file.path}"`);
  const why =
    found === undefined
      ? `${board.title} is written by ${tool}, which is not on the PATH`
      : `${board.title} is written by ${tool}, which is here: ${found}`;
  const next = found === undefined ? `Install ${tool}: docs/flashing.md says how. ${words}` : words;
  return refusal("needs vendor tool", `write ${file.name}`, board.name, why, next);
}
