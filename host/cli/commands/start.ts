/** `hardway start`: a table of kiosks, each its own process with its own key, journal and radios, that play craps by
 * bots and agree on every bet, roll and chip. Without boards the radios are virtual, in a process of their own. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type MeshPlan, meshPlan } from "../../node/mesh-plan.ts";
import { PASSPHRASE_FILE_VARIABLE, readPassphrase } from "../../node/passphrase-file.ts";
import { deviceText } from "../../radio/device-url.ts";
import { type Command, type Input, InputError, numberOption, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { SPEED_MAX, SPEED_MIN } from "../kiosk/scaled-clock.ts";
import { repository } from "../repository.ts";
import { boardOf } from "./board.ts";
import { deviceOf } from "./devices.ts";
import { type TableAir, tableAir } from "./start-air.ts";
import { play, SECONDS_MAX } from "./start-play.ts";

const KIOSKS_MAX = 10;
const PORT_MAX = 65_535;

export const start: Command = {
  words: ["start"],
  about: "A table of kiosks, virtual radios in a mesh between them, plays craps by bots and proves each roll.",
  more: `Each kiosk is a process with its own key, journal and share of the dice; a second start goes on where the first has ended.
Of each roll it says what fell, where in the agreed order and in whose lead, who shoots, what lay there and what it brought; its
proof is checked by the proof and the members' keys alone, and is kept in the folder rolls/ for hardway roll verify. Four kiosks
and more throw by a key of which each has a share; two and three each say a secret. What kiosks say to each other is encrypted from
host to host; the table's secret lies in the folder, for nobody else to read. One page of this machine shows them all, side by side:
there each roll is checked, the air is made to lose, kiosks are killed, carried apart and made to cheat, and healed. From it one comes
to each kiosk's own page, where a place is free for whoever takes it: the kiosk's own player then gives way. While it runs:
  v   stops the kiosk that leads for a while, so that another takes its place
  k   kills a kiosk, which comes again after 3 s
  l   carries the kiosks apart, so that the air loses packets; then further; then together again
  h   brings all back together, starts who was killed, and makes them honest
  b   somebody sits down at kiosk 0 and bets 10 chips
  q   ends it, as Ctrl-C does
Without a terminal each is a line on the standard input. With --device, real boards take part: so many of each kiosk in
turn as --boards names, of those kinds.`,
  options: {
    seconds: { value: "N", default: "30", about: "how long to run, 1 to 86400; longer while a page of it is open" },
    kiosks: { value: "N", default: "4", about: `how many, 2 to ${KIOSKS_MAX}` },
    boards: {
      value: "NAMES",
      about: "of each kiosk's radios, by commas; else as many as the table wants, esp32 and nrf52",
    },
    "error-rate": { value: "R", default: "0.0005", about: "bytes that the virtual cables spoil, 0 to 0.02" },
    seed: { value: "S", default: "1", about: "of the virtual air and cables and of the players, a whole number" },
    speed: { value: "X", default: "1", about: "so many times as fast as real kiosks, 0.1 to 100; not with --device" },
    port: {
      value: "N",
      default: "8080",
      about: "of the page of all kiosks; taken ones are passed over; 0 takes any that is free",
    },
    at: { value: "FOLDER", about: "where keys and journals are; else build/start/ of this program" },
    reset: { about: "forgets the keys and journals that are there, and founds a new table" },
    "passphrase-file": {
      value: "FILE",
      about: `its first line encrypts the kiosks' keys on the disk; else the file that ${PASSPHRASE_FILE_VARIABLE} names`,
    },
    device: { value: "DEVICE", many: true, about: "a radio; as many as the kiosks want" },
  },
  async run(input, io) {
    const seconds = numberOption(input, "seconds", 1, SECONDS_MAX);
    const kiosks = numberOption(input, "kiosks", 2, KIOSKS_MAX);
    const errorRate = numberOption(input, "error-rate", 0, 0.02, false);
    const seed = numberOption(input, "seed", 0, Number.MAX_SAFE_INTEGER);
    const speed = numberOption(input, "speed", SPEED_MIN, SPEED_MAX, false);
    const port = numberOption(input, "port", 0, PORT_MAX);
    const boards = boardsOf(input, kiosks);
    const plan = meshPlan(boards.map((own) => own.map((name) => boardOf(name).ble)));
    const named = devicesOf(input, boards);
    if (named !== undefined && speed !== 1) throw new UsageError("--speed is for virtual radios");
    const passphraseFile = passphraseFileOf(input);
    const folder = folderOf(input, kiosks);
    if (input.flag("reset")) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });

    const sockets = mkdtempSync(join(tmpdir(), "hardway-"));
    const air = named === undefined ? tableAir(sockets, boards, { errorRate, seed, speed }) : undefined;
    try {
      const devices = named ?? (await served(air, io));
      if (devices === undefined) return "failed";
      if (io.signal.aborted) return "interrupted";
      greet(io, boards, plan, errorRate, air !== undefined);
      io.out(`${seconds} s, and on while a page is open; v, k, l, h, b and q do what the help says.\n`);
      return await play({ folder, plan, devices, seed, speed, port, seconds, passphraseFile, air, io });
    } finally {
      await air?.end();
      rmSync(sockets, { recursive: true, force: true });
    }
  },
};

/** Of so many kiosks each: to go on, the table must have the members that it had. */
const folderOf = (input: Input, kiosks: number): string =>
  resolve(input.text("at") ?? join(repository(), "build", "start", `craps-${kiosks}`));

/** Two boards make a ring, which bears one fault; what bears two wants three, and one of them that opens two links. */
function boardsOf(input: Input, kiosks: number): readonly (readonly string[])[] {
  const usual =
    kiosks <= RING_KIOSKS_MAX ? "esp32,esp32" : kiosks <= MIXED_KIOSKS_MAX ? "esp32,esp32,nrf52" : "esp32,esp32,esp32";
  const said = (input.text("boards") ?? usual).split(",").map((name) => boardOf(name.trim()).name);
  const own = said.length === 1 && input.text("boards") !== undefined ? usual.split(",").map(() => said[0]) : said;
  if (own.length > RADIOS_MAX) throw new UsageError(`--boards names at most ${RADIOS_MAX} radios of a kiosk`);
  return [...Array(kiosks)].map(() => own);
}

const RING_KIOSKS_MAX = 4;
const MIXED_KIOSKS_MAX = 7;
const RADIOS_MAX = 4;

function devicesOf(input: Input, boards: readonly (readonly string[])[]): string[][] | undefined {
  const named = input.all("device").map((text) => deviceText(deviceOf(text)));
  if (named.length === 0) return undefined;
  const wanted = boards.flat().length;
  if (named.length !== wanted || new Set(named).size !== wanted) {
    throw new UsageError(`--device is wanted ${wanted} times for ${boards.length} kiosks, each another radio`);
  }
  return boards.map((own) => named.splice(0, own.length));
}

/** Looked into before anything begins. */
function passphraseFileOf(input: Input): string | undefined {
  const named = input.text("passphrase-file") ?? process.env[PASSPHRASE_FILE_VARIABLE];
  if (named === undefined || named === "") return undefined;
  const path = resolve(named);
  const read = readPassphrase(path);
  if (!read.ok) throw new InputError("missing", read.why, "a file whose first line is the passphrase");
  return path;
}

async function served(air: TableAir | undefined, io: Io): Promise<readonly (readonly string[])[] | undefined> {
  try {
    return await air?.devices;
  } catch (error) {
    io.err(`serving the virtual radios: ${(error as Error).message}; it has said why.`);
    return undefined;
  }
}

function greet(
  io: Io,
  boards: readonly (readonly string[])[],
  plan: MeshPlan,
  errorRate: number,
  isVirtual: boolean,
): void {
  const faults = Math.floor((boards.length - 1) / 3);
  const bears =
    faults === 0
      ? "no Byzantine tolerance with fewer than four"
      : `bears ${faults} that ${faults === 1 ? "is" : "are"} Byzantine`;
  io.out(
    `${boards.length} kiosks, ${boards.flat().length} radios on one air, ${plan.linkCount} link${plan.linkCount === 1 ? "" : "s"}: ${bears}.`,
  );
  io.out(plan.words);
  if (!isVirtual) return;
  const spoilt = errorRate === 0 ? "no byte" : `one byte in ${Math.round(1 / errorRate)}`;
  io.out(`Virtual boards: ${boards[0].join(", ")} a kiosk; their cables spoil ${spoilt}.`);
}
