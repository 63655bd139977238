/** One kiosk as a process of its own: its key, its journal, its radios, its part in the dice, and a player who never tires. It
 * reports to whoever started it, and ends with that process. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { diceKeyOf } from "../crypto/ristretto-keys.ts";
import { sha256 } from "../crypto/sha256.ts";
import type { Options } from "../engine/consensus/options.ts";
import { BLE } from "../engine/timing/profiles.ts";
import { type Device, parseDevice } from "../radio/device-url.ts";
import { fileDisk } from "../storage/file-disk.ts";
import { BOT_SEAT, bot, nextWish } from "./bot.ts";
import { nodeClock } from "./clock.ts";
import { crapsRules } from "./craps-table.ts";
import { cryptoPorts } from "./crypto-ports.ts";
import { ownDicePorts } from "./dice-ports.ts";
import { type OwnKey, ownKey } from "./key-file.ts";
import type { KioskOrder, KioskSaid } from "./kiosk-report.ts";
import { readPassphrase } from "./passphrase-file.ts";
import { newTally, note, reportOf, rollSaid, type Seated } from "./seated.ts";
import { secretIn } from "./secret-file.ts";
import { type RunningKiosk, type StartedKiosk, startKiosk } from "./start-kiosk.ts";

const REPORT_EVERY_MS = 1000;
/** Between two looks whether the player has anything to ask. */
const ASK_EVERY_MS = 20;

/** All kiosks of a table agree in these. */
const OPTIONS: Options = {
  ...{ checkpointEvery: 50, window: 8, batchLengthMax: 50 },
  ...{ fastPath: true, bundles: true, lazy: true, rules: [1], profile: BLE },
};

let own: ({ readonly kiosk: number; readonly folder: string } & OwnKey) | undefined;
let seated: Seated | undefined;
let running: RunningKiosk | undefined;
let isResting = false;

// Ctrl-C reaches the whole group; whoever started this says when to end, and its end is ours.
process.on("SIGINT", () => {});
process.on("disconnect", () => end());
process.on("message", (order: KioskOrder) => {
  obey(order).catch((error: Error) => {
    console.error(error);
    process.exit(1);
  });
});

async function obey(order: KioskOrder): Promise<void> {
  switch (order.type) {
    case "own": {
      const { kiosk, folder, passphraseFile } = order;
      const read = passphraseFile === null ? undefined : readPassphrase(passphraseFile);
      if (read?.ok === false) return fail(kiosk, read.why, "another --passphrase-file");
      const key = ownKey(folder, read?.passphrase);
      if (!key.ok) return fail(kiosk, key.why, key.next);
      own = { kiosk, folder, ...key };
      const isUnderPassphrase = passphraseFile !== null;
      tell({ type: "own", kiosk, key: Buffer.from(key.pair.publicKey.bytes).toString("hex"), isUnderPassphrase });
      break;
    }
    case "sit":
      await sit(order);
      break;
    case "pause":
      seated?.node.pause(order.ms);
      break;
    case "rest":
      isResting = true;
      break;
    case "end":
      await end();
      break;
    default:
      unreachable(order);
  }
}

async function sit(order: KioskOrder & { type: "sit" }): Promise<void> {
  assert(own !== undefined, "a kiosk has its key before it sits down");
  const { kiosk, folder, pair, diceSecret } = own;
  const key = pair.publicKey.bytes;
  const ports = cryptoPorts(pair);
  const secret = secretIn(order.secretFile);
  if (secret === undefined) return fail(kiosk, `${order.secretFile} holds no secret of a table`, "start with --reset");
  const [table, members, kiosks] = [bytes(order.table), order.members.map(bytes), order.kiosks.map(bytes)];
  const dicePorts = ownDicePorts(ports);
  const rules = crapsRules(table, members, dicePorts);
  const diceKey = diceKeyOf(key);
  if (rules === undefined || diceKey === undefined) return fail(kiosk, "a member's key is none", "start with --reset");
  const player = bot(order.seed + kiosk);
  const tally = newTally();
  const started = await startKiosk({
    ...{ key, ports, rules, table, members, secret, consensus: OPTIONS, hash: sha256 },
    dice: { secret: diceSecret, key: diceKey, ports: dicePorts },
    ...{ disk: fileDisk(join(folder, "journal")), clock: nodeClock, driver: {} },
    draw: () => new Uint8Array(randomBytes(32)),
    radios: order.radios.map(({ device, role }) => ({ device: deviceOf(device), role })),
    planned: order.opens.map((other) => kiosks[other]),
    on: (effect) => note(effect, player, tally, nodeClock.now()),
    onRoll(roll) {
      // What the journal brings back was told when it fell.
      if (seated !== undefined) tell(rollSaid(seated, roll));
    },
  });
  if (!started.ok) return fail(kiosk, words(started, folder), "start with --reset, or with --at another folder");
  running = started.kiosk;
  const { node, machine, radios, secured } = running;
  const recovered = { records: node.recordCount, verdict: node.verdict.type, sequence: node.replica.executed };
  tally.decided = node.replica.decided;
  seated = { ...{ kiosk, node, machine, rules, radios, secured, bot: player, tally, recovered } };
  node.ended.catch((error: Error) => fail(kiosk, error.message, "look after its disk"));
  setInterval(() => ask(seated as Seated, key), ASK_EVERY_MS);
  setInterval(() => {
    radios.askCounters();
    if (seated !== undefined) tell(reportOf(seated));
  }, REPORT_EVERY_MS);
}

function ask({ node, rules, bot }: Seated, key: Uint8Array): void {
  const { replica } = node;
  if (isResting || replica.probing !== undefined || replica.mutedUntil !== undefined) return;
  const operation = nextWish(bot, { rules, key, state: replica.state.machine }, nodeClock.now());
  if (operation !== undefined) node.submit(BOT_SEAT, operation);
}

function words(failed: Exclude<StartedKiosk, { ok: true }>, folder: string): string {
  switch (failed.why) {
    case "locked":
      return `the journal in ${folder} is in use by ${failed.holder}`;
    case "too many set aside":
      return `too many damaged journals lie in ${folder}: ${failed.setAside.join(", ")}`;
    case "other version":
    case "unreadable":
      return `another version of this program wrote the journal in ${folder}`;
    case "another table":
      return `the journal in ${folder} is of another table`;
    case "disk":
      return `the disk under ${folder}: ${failed.error.message}`;
    default:
      return unreachable(failed);
  }
}

function fail(kiosk: number, why: string, next: string): void {
  const said: KioskSaid = { type: "failed", kiosk, why, next };
  if (process.send === undefined || !process.connected) process.exit(1);
  process.send(said, () => process.exit(1));
}

/** The journal is closed in order, for what waits there may be somebody's request. */
async function end(): Promise<void> {
  await running?.close().catch(() => {});
  process.exit(0);
}

function tell(said: KioskSaid): void {
  if (process.connected) process.send?.(said);
}

function deviceOf(url: string): Device {
  const parsed = parseDevice(url);
  assert(parsed.ok, "the starter names devices that there are");
  return parsed.device;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
