/** `hardway completion`: a script for a shell that completes commands, options, boards and keys. */
import { CONFIG_KEYS } from "../../config/keys.ts";
import { type Command, UsageError } from "../command.ts";
import { nearest } from "../nearest.ts";
import { boardNames } from "./board.ts";
import { COMPLETION_SCRIPTS, type Shell } from "./completion-scripts.ts";
import { completionPlaces } from "./completion-table.ts";

const SHELLS = Object.keys(COMPLETION_SCRIPTS) as readonly Shell[];

/** The table is known when all its commands are. */
export const completion = (commands: () => readonly Command[]): Command => ({
  words: ["completion"],
  takes: "SHELL",
  about: `Prints the completion of these commands for a shell: ${SHELLS.join(", ")}.`,
  more: 'For bash and zsh: eval "$(hardway completion bash)". For fish: hardway completion fish | source.',
  async run({ operands }, io) {
    if (operands.length !== 1) throw new UsageError(`completion takes one of ${SHELLS.join(", ")}`);
    const shell = SHELLS.find((each) => each === operands[0]);
    if (shell === undefined) {
      const meant = nearest(operands[0], SHELLS);
      throw new UsageError(
        `"${operands[0]}" is none of ${SHELLS.join(", ")}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
      );
    }
    const keys = CONFIG_KEYS.map(({ name }) => name);
    const places = completionPlaces(commands(), { BOARD: boardNames(), KEY: keys, SHELL: SHELLS });
    const script = COMPLETION_SCRIPTS[shell](places);
    if (io.json) io.record({ shell, script });
    else io.out(script.trimEnd());
    return "done";
  },
});
