/** `hardway firmware build`: makes an image for a board with the Moddable SDK, and says what is missing for it. */
import { buildFirmware } from "../../../hardware/images/build.ts";
import type { Command } from "../command.ts";
import { repository } from "../repository.ts";
import { boardNames, oneBoard } from "./board.ts";

export const firmwareBuild: Command = {
  words: ["firmware", "build"],
  takes: "BOARD",
  about: "Builds the firmware's image for a board into images/, with the build id that the board will say.",
  more: `BOARD is one of ${boardNames().join(", ")}. It takes the Moddable SDK ($MODDABLE) and the chip's own kit; what is missing is named.`,
  options: { natives: { about: "with the calls that JavaScript has not: connection parameters, cancel" } },
  async run({ operands, flag }, io) {
    const board = oneBoard(operands, "firmware build takes the name of one board");
    io.err(`Building for ${board.title} …`);
    const built = await buildFirmware(board, {
      root: repository(),
      environment: process.env,
      natives: flag("natives"),
      signal: io.signal,
      onOutput: (text) => process.stderr.write(text),
    });
    if (!built.ok) {
      if (io.signal.aborted) return "interrupted";
      io.err(`${built.why}.\nNext: ${built.next}.`);
      return "tool";
    }
    if (io.json) io.record({ folder: built.folder, ...built.manifest });
    else io.out(`${built.folder}: build ${built.manifest.build}.\nNext: hardway flash ${board.name}`);
    return "done";
  },
};
