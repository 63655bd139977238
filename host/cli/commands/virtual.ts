/** `hardway virtual`: virtual boards in one air, each at a port that any program can open. Lines on the standard input do to
 * them what happens to real ones. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CAPTURE_ENDINGS } from "../../../hardware/virtual/fronts/recording.ts";
import {
  type FrontKind,
  type ServerEvent,
  serveVirtual,
  type VirtualServer,
} from "../../../hardware/virtual/fronts/serve.ts";
import { type Command, numberOption, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { SPEED_MAX, SPEED_MIN, scaledClock } from "../kiosk/scaled-clock.ts";
import { nearest } from "../nearest.ts";
import { checkRecording } from "../read-text.ts";
import { boardNames, boardOf } from "./board.ts";

const FRONTS: readonly FrontKind[] = ["pty", "unix", "tcp"];
const PORT_MAX = 65_535;

/** With --json, a line each. */
export type VirtualSays =
  | { readonly type: "ready"; readonly radios: readonly { readonly board: string; readonly device: string }[] }
  | { readonly type: "plugged"; readonly radio: number; readonly device: string }
  | ServerEvent
  | { readonly type: "counters"; readonly counters: ReturnType<VirtualServer["counters"]> }
  | { readonly type: "refused"; readonly why: string };

const ORDERS = `On the standard input, a line each:
  unplug N             pulls the cable of radio N, counted from 1
  replug N [PATH]      puts it in again, here or at another path
  brownout N           its supply drops out for a moment
  reset N [bootloader] presses its button
  move N X Y           puts it X and Y metres from the corner
  errors N RATE        spoils that share of the bytes of its cable
  silence N | babble N | speak N     what its transmit pin says
  status               counters
  quit                 ends all`;

export const virtual: Command = {
  words: ["virtual"],
  takes: "BOARD …",
  about: "Serves virtual boards in one air, each at a pty, a socket or a TCP port of this machine.",
  more: `BOARD is one of ${boardNames().join(", ")}; name one for each radio. It ends with its standard input.\n\n${ORDERS}`,
  options: {
    front: { value: "FRONT", default: "pty", about: `${FRONTS.join(", ")}` },
    at: { value: "FOLDER", about: "where their ports are; else a folder of its own, removed at the end" },
    port: { value: "N", about: "of the first tcp front; else any that is free" },
    "error-rate": { value: "R", default: "0", about: "bytes that each cable spoils, 0 to 0.1" },
    seed: { value: "S", default: "1", about: "of air, cables and boards, a whole number" },
    speed: { value: "X", default: "1", about: "so many times as fast as a clock on the wall, 0.1 to 100" },
    capture: { value: "FILE", about: `keeps the air in a file: ${CAPTURE_ENDINGS.join(" or ")}` },
    trace: { value: "FILE", about: "keeps what crosses each port" },
  },
  async run(input, io) {
    if (input.operands.length === 0) throw new UsageError("virtual takes the name of a board for each radio");
    for (const name of input.operands) boardOf(name);
    const front = FRONTS.find((kind) => kind === input.text("front"));
    if (front === undefined) throw new UsageError(`--front is one of ${FRONTS.join(", ")}`);
    const errorRate = numberOption(input, "error-rate", 0, 0.1, false);
    const seed = numberOption(input, "seed", 0, Number.MAX_SAFE_INTEGER);
    const speed = numberOption(input, "speed", SPEED_MIN, SPEED_MAX, false);
    const port = input.text("port") === undefined ? undefined : numberOption(input, "port", 1, PORT_MAX);
    if (port !== undefined && port + input.operands.length - 1 > PORT_MAX) {
      throw new UsageError(`--port ${port} leaves no room for ${input.operands.length} ports up to ${PORT_MAX}`);
    }
    const [capture, trace, named] = [input.text("capture"), input.text("trace"), input.text("at")];
    for (const path of [capture, trace]) if (path !== undefined) checkRecording(path);
    const where = named ?? mkdtempSync(join(tmpdir(), "hardway-virtual-"));
    try {
      const served = await serveVirtual({
        ...{ boards: input.operands, seed, errorRate, front, where, clock: scaledClock(speed, Date.now()) },
        ...(port === undefined ? {} : { port }),
        ...(capture === undefined ? {} : { capture }),
        ...(trace === undefined ? {} : { trace }),
        onEvent: (event) => (io.json ? say(io, event) : io.err(eventWords(event))),
      });
      if (!served.ok) {
        io.err(`${served.why}.\nNext: ${served.next}.`);
        return "failed";
      }
      const { server } = served;
      const radios = server.devices().map((device, i) => ({ board: input.operands[i], device: device ?? "" }));
      if (io.json) say(io, { type: "ready", radios });
      else for (const [i, { board, device }] of radios.entries()) io.out(`${i + 1}  ${board}  ${device}`);
      await obey(server, io);
      await server.stop();
      return "done";
    } finally {
      if (named === undefined) rmSync(where, { recursive: true, force: true });
    }
  },
};

const say = (io: Io, said: VirtualSays): void => io.record(said);

function eventWords(event: ServerEvent): string {
  if (event.type === "fault") return `${event.board === undefined ? "all" : `radio ${event.board + 1}`}: ${event.why}`;
  return `radio ${event.board + 1}: its port was ${event.type}`;
}

/** Until it is told to quit, its input ends, or Ctrl-C. */
function obey(server: VirtualServer, io: Io): Promise<void> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin });
    const end = (): void => {
      io.signal.removeEventListener("abort", end);
      lines.close();
      resolve();
    };
    io.signal.addEventListener("abort", end);
    if (io.signal.aborted) end();
    // One after the other: a cable is out before it is put in again, and all of it before the end.
    let done: Promise<void> = Promise.resolve();
    let isOver = false;
    lines.on("close", () => done.then(end));
    lines.on("line", (line) => {
      const words = line.trim().split(/\s+/);
      if (words[0] === "quit") {
        isOver = true;
        lines.close();
      } else if (words[0] !== "" && !isOver) done = done.then(() => order(server, words, io));
    });
  });
}

async function order(server: VirtualServer, [verb, ...words]: readonly string[], io: Io): Promise<void> {
  if (verb === "status") {
    const counters = server.counters();
    if (io.json) say(io, { type: "counters", counters });
    else for (const [i, each] of counters.entries()) io.out(`${i + 1}  ${countersWords(each)}`);
    return;
  }
  const act = ACTS.get(verb);
  const board = Number(words[0]) - 1;
  const count = server.devices().length;
  let why: string | undefined;
  if (act === undefined) {
    const meant = nearest(verb, [...ACTS.keys(), "status", "quit"]);
    why = `"${verb}" is not known${meant === undefined ? "" : `; did you mean ${meant}?`}`;
  } else if (!(Number.isInteger(board) && board >= 0 && board < count)) {
    why = `${verb} wants a radio, 1 to ${count}`;
  } else {
    why = await act(server, board, words.slice(1), io);
  }
  if (why === undefined) return;
  if (io.json) say(io, { type: "refused", why });
  else io.err(why);
}

type Act = (
  server: VirtualServer,
  board: number,
  words: readonly string[],
  io: Io,
) => Promise<string | undefined> | string | undefined;

const voice =
  (voice: "program" | "silence" | "babble"): Act =>
  (server, board) => {
    server.happen({ type: "voice", board, voice });
    return undefined;
  };

/** Each answers why not. */
const ACTS: ReadonlyMap<string, Act> = new Map<string, Act>([
  [
    "unplug",
    async (server, board) => {
      await server.unplug(board);
      return undefined;
    },
  ],
  [
    "replug",
    async (server, board, [path], io) => {
      const done = await server.replug(board, path);
      if (!done.ok) return `${done.why}; ${done.next}`;
      if (io.json) say(io, { type: "plugged", radio: board, device: done.device });
      else io.out(`${board + 1}  ${done.device}`);
      return undefined;
    },
  ],
  [
    "brownout",
    (server, board) => {
      server.brownOut(board);
      return undefined;
    },
  ],
  [
    "reset",
    (server, board, [into = "normal"]) => {
      if (into !== "normal" && into !== "bootloader") return 'reset takes nothing more, or "bootloader"';
      server.happen({ type: "reset", board, into });
      return undefined;
    },
  ],
  [
    "move",
    (server, board, [x, y]) => {
      const to = { x: Number(x), y: Number(y) };
      if (!(Math.abs(to.x) <= 1000 && Math.abs(to.y) <= 1000)) return "move wants two numbers of metres, at most 1000";
      server.happen({ type: "move", board, to });
      return undefined;
    },
  ],
  [
    "errors",
    (server, board, [rate]) => {
      const share = Number(rate);
      if (!(share >= 0 && share <= 0.1)) return "errors wants a share of the bytes, 0 to 0.1";
      server.faults(board, { flip: share / 3, drop: share / 3, insert: share / 3 });
      return undefined;
    },
  ],
  ["silence", voice("silence")],
  ["babble", voice("babble")],
  ["speak", voice("program")],
]);

const countersWords = (counters: object): string =>
  Object.entries(counters)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
