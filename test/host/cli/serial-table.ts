/** `npm run -s serial-table [-- ROLLS]`: four kiosks as people run them, each with two radios on serial lines of their own, play
 * while the cable of every radio is pulled in its turn and put in again, where it gets another number from the system. */
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ownKey } from "../../../host/node/key-file.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { inside } from "./inside.ts";
import { asked, type PairKiosk, type RunningProgram, runProgram, until } from "./kiosk-pair.ts";
import { hardway, virtualAir } from "./program.ts";

export interface SerialTableOptions {
  /** A folder that is there. */
  readonly where: string;
  readonly rolls: number;
  /** Radios whose cables are pulled one after the other, from 0: 2 and 3 are the second kiosk's. */
  readonly pulls: readonly number[];
  /** So long a cable waits at most until the ring is whole. */
  readonly ringWithinMs: number;
  readonly port: number;
}

export interface SerialTable {
  readonly rolls: number;
  /** Between two rolls that fell, from the first on. */
  readonly stoodStillMsMax: number;
  readonly rollMsMedian: number;
  readonly pulled: readonly Pulled[];
  /** By kiosk, of the state after one sequence. */
  readonly digests: readonly string[];
  readonly sequence: number;
  /** By kiosk, what it ended with. */
  readonly exits: readonly (number | null)[];
}

export interface Pulled {
  readonly radio: number;
  /** What the device's name led to, before and after. */
  readonly devices: readonly [string, string];
  /** Until all kiosks knew of a whole ring, or were not waited for any more. */
  readonly wholeMs: number;
  /** From the pulling until its kiosk says that the radio is gone. */
  readonly noticedMs: number;
  readonly words: string;
  /** From the putting in until the radio is up, and until it has a link. */
  readonly upMs: number;
  readonly linkedMs: number;
  readonly rollsMeanwhile: number;
}

const NAMES: readonly string[] = ["Ann", "Ben", "Cid", "Dee"];
const RADIOS_EACH = 2;
/** The one behind the last takes the number that a pulled one leaves, so that this one gets another. */
const SPARE = NAMES.length * RADIOS_EACH;
/** Both kinds of board, with their speeds. */
const BOARDS: readonly string[] = [
  ...["esp32-nodemcu", "esp32c3", "esp32-nodemcu", "itsybitsy-nrf52840"],
  ...["esp32-nodemcu", "esp32-nodemcu", "esp32-nodemcu", "esp32-nodemcu", "esp32-nodemcu"],
];
const SECRET = Buffer.from(Uint8Array.from({ length: 32 }, (_, at) => (11 * at + 5) & 255)).toString("hex");
const START_WITHIN_MS = 60_000;
const ROLL_WITHIN_MS = 60_000;
const RING_WITHIN_MS = 200_000;
const BACK_WITHIN_MS = 90_000;
/** What was on its way when the cable was pulled says nothing of how the table goes on without it. */
const OUT_MS = 3_000;
const PASS = 0;
const LOOK_EVERY_MS = 50;

export async function serialTable(options: SerialTableOptions): Promise<SerialTable> {
  const { where, port, ringWithinMs } = options;
  const air = virtualAir(...BOARDS, "--front", "pty", "--at", join(where, "dev"), "--seed", "9");
  const programs: RunningProgram[] = [];
  try {
    const ready = await air.next();
    assert(ready.type === "ready", "the boards are there");
    const plugs = plugsOf(air);
    const devices = (ready["radios"] as { readonly device: string }[]).map(({ device }) => device);
    const kiosks = await tableOf(where, devices, port);
    programs.push(...(await Promise.all(kiosks.map(runProgram))));
    const urls = programs.map(({ url }) => url);
    const play = playing(urls);
    await play.begin();
    const pulled: Pulled[] = [];
    const pulling = (async () => {
      for (const radio of options.pulls) pulled.push(await pull(radio, { devices, urls, plugs, play, ringWithinMs }));
    })();
    // Heard of below.
    pulling.catch(() => play.stop());
    while (play.rolls() < options.rolls || pulled.length < options.pulls.length) {
      if (!(await play.roll())) break;
    }
    await pulling;
    const exits: (number | null)[] = [];
    const sequences = await rest(urls);
    for (const { child } of programs) child.kill("SIGTERM");
    for (const { ended } of programs) exits.push(await ended);
    const sequence = Math.min(...sequences);
    const digests = [];
    for (const { folder } of kiosks) digests.push(await digestAt(folder, sequence));
    const { stoodStillMsMax, rollMsMedian } = play.times();
    return { rolls: play.rolls(), stoodStillMsMax, rollMsMedian, pulled, digests, sequence, exits };
  } finally {
    for (const { child, ended } of programs) {
      if (child.exitCode === null) child.kill("SIGKILL");
      await ended;
    }
    await air.end();
  }
}

/** Four configurations as people write them, and one table that all have joined. */
async function tableOf(where: string, devices: readonly string[], port: number): Promise<PairKiosk[]> {
  const kiosks = NAMES.map((name, at): PairKiosk => {
    const home = join(where, name);
    const folder = join(home, "data");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const key = ownKey(folder);
    assert(key.ok, "a key is drawn");
    const file = join(home, "hardway.yaml");
    const lines = [
      `kiosk: {name: ${name}, folder: data}`,
      `radios: [${devices.slice(RADIOS_EACH * at, RADIOS_EACH * (at + 1)).join(", ")}]`,
      `table: {kiosks: ${NAMES.length}, seats: ${NAMES.length}, secret: "${SECRET}"}`,
      `web: {port: ${port + 30 * at}}`,
    ];
    writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
    return { file, folder, key: Buffer.from(key.pair.publicKey.bytes).toString("hex") };
  });
  const [first, ...others] = kiosks as [PairKiosk, ...PairKiosk[]];
  const named = others.map(({ key }, at) => `${key}=${NAMES[at + 1]}`);
  await done("table", "create", ...named, "--file", first.file);
  for (const { file } of others) await done("table", "join", join(first.folder, "table.json"), "--file", file);
  return kiosks;
}

async function done(...words: string[]): Promise<void> {
  const { exit, err } = await inside(words);
  assert(exit === "done", `${words[0]} ${words[1]}: ${err}`);
}

interface Plugs {
  readonly unplug: (radio: number) => void;
  /** Kept when it is in. */
  readonly replug: (radio: number) => Promise<void>;
}

/** Of all that the air says only who is plugged in again is of use here. */
function plugsOf(air: ReturnType<typeof virtualAir>): Plugs {
  const waiting: { readonly radio: number; readonly done: () => void }[] = [];
  const listen = async (): Promise<void> => {
    for (;;) {
      const said = await air.next();
      if (said.type !== "plugged") continue;
      const at = waiting.findIndex(({ radio }) => radio === said["radio"]);
      if (at >= 0) waiting.splice(at, 1)[0]?.done();
    }
  };
  // It ends with the air.
  listen().catch(() => {});
  return {
    unplug: (radio) => air.tell(`unplug ${radio + 1}`),
    replug: (radio) =>
      new Promise((done) => {
        waiting.push({ radio, done });
        air.tell(`replug ${radio + 1}`);
      }),
  };
}

interface Pulling {
  readonly devices: readonly string[];
  readonly urls: readonly string[];
  readonly plugs: Plugs;
  readonly play: Play;
  readonly ringWithinMs: number;
}

async function pull(radio: number, { devices, urls, plugs, play, ringWithinMs }: Pulling): Promise<Pulled> {
  const device = devices[radio] as string;
  const url = urls[Math.floor(radio / RADIOS_EACH)] as string;
  const look = async () => (await asked(url, "api/view")).view.radios[radio % RADIOS_EACH];
  // Of a ring that is open elsewhere yet, the next cable would be the second: it is waited for, and not for ever.
  const wholeAt = performance.now();
  await until(
    () => Promise.all(urls.map((url) => asked(url, "api/view"))),
    (all) =>
      all.every(({ view }) => view.mesh.connectivity >= RADIOS_EACH) || performance.now() > wholeAt + ringWithinMs,
    ringWithinMs + BACK_WITHIN_MS,
  );
  const wholeMs = performance.now() - wholeAt;
  const fell = play.rolls();
  const before = readlinkSync(device);
  const spareBefore = readlinkSync(devices[SPARE] as string);
  plugs.unplug(SPARE);
  const pulledAt = performance.now();
  plugs.unplug(radio);
  const { words } = await until(look, ({ isUp }) => !isUp, BACK_WITHIN_MS);
  const noticedMs = performance.now() - pulledAt;
  await new Promise((resolve) => setTimeout(resolve, OUT_MS));
  // The system gives the lowest number that is free.
  const isSpareFirst = numberOf(before) < numberOf(spareBefore);
  if (isSpareFirst) await plugs.replug(SPARE);
  await plugs.replug(radio);
  const inAt = performance.now();
  if (!isSpareFirst) await plugs.replug(SPARE);
  await until(look, ({ isUp }) => isUp, BACK_WITHIN_MS);
  const upMs = performance.now() - inAt;
  await until(look, ({ links }) => links > 0, BACK_WITHIN_MS);
  const linkedMs = performance.now() - inAt;
  const rollsMeanwhile = play.rolls() - fell;
  const after = readlinkSync(device);
  return { radio, devices: [before, after], wholeMs, noticedMs, words, upMs, linkedMs, rollsMeanwhile };
}

const numberOf = (device: string): number => Number(/\d+$/.exec(device)?.[0]);

interface Play {
  readonly begin: () => Promise<void>;
  /** Until the dice have fallen once more; false: it was stopped. */
  readonly roll: () => Promise<boolean>;
  readonly rolls: () => number;
  readonly times: () => Pick<SerialTable, "stoodStillMsMax" | "rollMsMedian">;
  readonly stop: () => void;
}

/** People at the pages: all sit down, and whoever has the dice bets and throws. */
function playing(urls: readonly string[]): Play {
  const times: number[] = [];
  let rolls = 0;
  let isStopped = false;
  let fellAt = 0;
  const step = async (): Promise<void> => {
    for (const url of urls) {
      const { view } = await asked(url, "api/view");
      const { craps, own } = view;
      rolls = Math.max(rolls, craps.lastRoll);
      const isMine = own[0].place !== null && craps.state.shooter === own[0].place;
      if (!isMine || craps.state.rolling || own[0].underWay > 0) continue;
      if (craps.state.seats[own[0].place].length === 0)
        await asked(url, "api/order", { type: "bet", code: PASS, chips: 1 });
      await asked(url, "api/order", { type: "roll" });
    }
  };
  return {
    async begin() {
      await Promise.all(
        urls.map((url) =>
          until(
            () => asked(url, "ready"),
            ({ isReady }) => isReady,
            START_WITHIN_MS,
          ),
        ),
      );
      for (const url of urls) {
        await until(
          () => asked(url, "api/order", { type: "sit" }),
          ({ ok, why }) => ok || why === "sits already",
          START_WITHIN_MS,
        );
      }
    },
    async roll() {
      const before = rolls;
      const by = performance.now() + ROLL_WITHIN_MS;
      while (rolls === before && !isStopped) {
        assert(performance.now() < by, `the table plays: it stands at ${before} rolls`);
        await step();
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      const now = performance.now();
      if (fellAt > 0) times.push((now - fellAt) / (rolls - before));
      fellAt = now;
      return !isStopped;
    },
    rolls: () => rolls,
    times() {
      const sorted = [...times].sort((left, right) => left - right);
      return { stoodStillMsMax: sorted.at(-1) ?? 0, rollMsMedian: sorted[sorted.length >> 1] ?? 0 };
    },
    stop() {
      isStopped = true;
    },
  };
}

/** What was asked for is done everywhere; answers how far each kiosk is. */
const rest = (urls: readonly string[]): Promise<number[]> =>
  until(
    async () => (await Promise.all(urls.map((url) => asked(url, "api/view")))).map(({ view }) => view),
    (views) =>
      views.every(({ consensus, craps }) => consensus.waiting === 0 && !craps.state.rolling) &&
      new Set(views.map(({ consensus }) => consensus.sequence)).size === 1,
    ROLL_WITHIN_MS,
  ).then((views) => views.map(({ consensus }) => consensus.sequence));

async function digestAt(folder: string, sequence: number): Promise<string> {
  const { status, stdout, stderr } = await hardway("replay", folder, "--to", String(sequence), "--json");
  assert(status === 0, `the journal is executed again: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "").digest;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const where = mkdtempSync(join(tmpdir(), "hardway-serial-table-"));
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  try {
    const pulls = [...new Array(SPARE).keys()];
    const rolls = Number(process.argv[2] ?? 100);
    const port = 20_000 + (process.pid % 20_000);
    const played = await serialTable({ where, rolls, pulls, ringWithinMs: RING_WITHIN_MS, port });
    for (const { radio, devices, wholeMs, noticedMs, words, upMs, linkedMs, rollsMeanwhile } of played.pulled) {
      const came = `up ${seconds(upMs)} after it was put in as ${devices[1]}, a link after ${seconds(linkedMs)}`;
      console.log(
        `radio ${radio + 1} (${devices[0]}): pulled after ${seconds(wholeMs)}, missed after ${seconds(noticedMs)}, ${came}; ${rollsMeanwhile} rolls meanwhile`,
      );
      console.log(`  ${words}`);
    }
    const { stoodStillMsMax, rollMsMedian, sequence, digests } = played;
    console.log(`${played.rolls} rolls, ${seconds(rollMsMedian)} each (median), ${seconds(stoodStillMsMax)} at most`);
    const isOne = new Set(digests).size === 1;
    console.log(
      `after sequence ${sequence} ${isOne ? "all have the state" : "STATES DIFFER:"} ${[...new Set(digests)].join(" ")}`,
    );
    if (!isOne || played.exits.some((exit) => exit !== 0)) process.exitCode = 1;
  } finally {
    rmSync(where, { recursive: true, force: true });
  }
}
