/** `hardway radio trace replay`: shows a trace in words, or plays its host's part to a virtual board and compares the answers. */
import { inItsPart, virtualBoardParty } from "../../../hardware/virtual/trace/parties.ts";
import { replay } from "../../../hardware/virtual/trace/replay.ts";
import { parseTrace, type Trace } from "../../../hardware/virtual/trace/trace.ts";
import { show, view } from "../../../hardware/virtual/trace/view.ts";
import { type Command, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { readText } from "../read-text.ts";
import { boardNames, boardOf } from "./board.ts";
import { lineRecord } from "./line-record.ts";

/** Twice what one file of a recording grows to. */
const FILE_SIZE_MAX = 128 * 1024 * 1024;

export const traceReplay: Command = {
  words: ["radio", "trace", "replay"],
  takes: "FILE",
  about: "Shows a trace in words, or plays it to a virtual board and tells what was answered differently.",
  options: {
    frames: { about: "every frame, not only what the frames carry" },
    to: { value: "BOARD", about: `play the host's part to one of ${boardNames().join(", ")}` },
  },
  async run({ operands, text, flag }, io) {
    if (operands.length !== 1) throw new UsageError("radio trace replay takes one FILE");
    const [path] = operands;
    const parsed = parseTrace(await readText(path, FILE_SIZE_MAX));
    if (!parsed.ok) {
      io.err(`${path}:${parsed.line}: ${parsed.why}.\nNext: record it again with hardway radio trace record.`);
      return "failed";
    }
    const to = text("to");
    return to === undefined ? tell(parsed.trace, flag("frames"), io) : play(parsed.trace, to, io);
  },
};

function tell(trace: Trace, frames: boolean, io: Io): Exit {
  const shown = view(frames);
  for (const line of trace.lines) {
    if (io.json) io.record(lineRecord(line));
    else for (const words of show(shown, line)) io.out(words);
  }
  return "done";
}

function play(trace: Trace, name: string, io: Io): Exit {
  const board = boardOf(name);
  const { then, now, differences } = replay(trace, "up", inItsPart(trace, "down"), virtualBoardParty(board, 1));
  for (const { type, at, words } of differences) {
    if (io.json) io.record({ type, at, words });
    else io.out(`${type === "missing" ? "then" : "now "} ${String(at).padStart(5)}  ${words}`);
  }
  io.err(`${then.length} reports then, ${now.length} now, ${differences.length} differences.`);
  return "done";
}
