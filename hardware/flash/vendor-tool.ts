/** Boards that only a tool of the vendor's can write: we say in plain words what it takes, down to the command. */
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
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

/** Where a tool lies on a PATH. */
export async function findOnPath(name: string, path: string): Promise<string | undefined> {
  const endings = ["", ".exe"];
  for (const folder of path.split(delimiter).filter((each) => each !== "")) {
    for (const ending of endings) {
      const candidate = join(folder, name + ending);
      const runs = await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs) return candidate;
    }
  }
  return undefined;
}
