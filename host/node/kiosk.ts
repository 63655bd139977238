/** One kiosk as a process of its own: its key, its journal, its radios, its part in the dice, and a player who never tires. It
 * reports to whoever started it, and ends with that process. */
import { join } from "node:path";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { noise, secureCrypto } from "../crypto/noise.ts";
import { diceKeyOf } from "../crypto/ristretto-keys.ts";
import type { Options } from "../engine/consensus/options.ts";
import { ownDice } from "../engine/dice/own-state.ts";
import { tableMachine } from "../engine/table/table-machine.ts";
import { BLE } from "../engine/timing/profiles.ts";
import { parseDevice } from "../radio/device-url.ts";
import { tableKeys } from "../secure/table-secret.ts";
import { fileDisk } from "../storage/file-disk.ts";
import { BOT_SEAT, bot, nextWish } from "./bot.ts";
import { nodeClock } from "./clock.ts";
import { crapsRules } from "./craps-table.ts";
import { cryptoPorts } from "./crypto-ports.ts";
import { diceAttendant } from "./dice-attendant.ts";
import { ownDicePorts } from "./dice-ports.ts";
import { type OwnKey, ownKey } from "./key-file.ts";
import type { KioskOrder, KioskSaid } from "./kiosk-report.ts";
import { runNode, type StartedNode } from "./node.ts";
import { readPassphrase } from "./passphrase-file.ts";
import { radios } from "./radio-transport.ts";
import { watchRolls } from "./roll-watch.ts";
import { newTally, note, reportOf, rollSaid, type Seated } from "./seated.ts";
import { secretIn } from "./secret-file.ts";
import { secureTransport } from "./secure-transport.ts";

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
  const devices = order.devices.map((url) => {
    const parsed = parseDevice(url);
    assert(parsed.ok, "the starter names devices that there are");
    return parsed.device;
  });
  const founding = { options: OPTIONS, table: bytes(order.table), members: order.members.map(bytes), key };
  const ports = cryptoPorts(pair);
  const secret = secretIn(order.secretFile);
  if (secret === undefined) return fail(kiosk, `${order.secretFile} holds no secret of a table`, "start with --reset");
  const { handshake, adverts } = tableKeys(secret, founding.table, noise);
  const identities = order.kiosks.map(bytes);
  const air = radios({ me: kiosk, identities, advertsKey: adverts, plans: order.plans, devices });
  const secured = secureTransport({
    ...{ bare: air.open, clock: nodeClock, table: founding.table, secret: handshake },
    ports: secureCrypto(key, ports),
  });
  const dicePorts = ownDicePorts(ports);
  const rules = crapsRules(founding.table, founding.members, dicePorts);
  const diceKey = diceKeyOf(key);
  if (rules === undefined || diceKey === undefined) return fail(kiosk, "a member's key is none", "start with --reset");
  const machine = watchRolls(tableMachine(rules), rules, (roll) => {
    // What the journal brings back was told when it fell.
    if (seated !== undefined) tell(rollSaid(seated, roll));
  });
  const player = bot(order.seed + kiosk);
  const tally = newTally();
  const started = await runNode({
    ...{ machine, ports, disk: fileDisk(join(folder, "journal")), founding, transport: secured.open },
    attendant: diceAttendant(ownDice(diceSecret, diceKey, nodeClock.now()), dicePorts),
    on: (effect) => note(effect, player, tally, nodeClock.now()),
  });
  if (!started.ok) return fail(kiosk, words(started, folder), "start with --reset, or with --at another folder");
  const { node } = started;
  const recovered = { records: node.recordCount, verdict: node.verdict.type, sequence: node.replica.executed };
  tally.decided = node.replica.decided;
  seated = {
    ...{ kiosk, node, machine, rules, radios: air, secured: secured.tally, bot: player, tally, recovered },
  };
  node.ended.catch((error: Error) => fail(kiosk, error.message, "look after its disk"));
  setInterval(() => ask(seated as Seated, key), ASK_EVERY_MS);
  setInterval(() => {
    air.askCounters();
    if (seated !== undefined) tell(reportOf(seated));
  }, REPORT_EVERY_MS);
}

function ask({ node, rules, bot }: Seated, key: Uint8Array): void {
  const { replica } = node;
  if (isResting || replica.probing !== undefined || replica.mutedUntil !== undefined) return;
  const operation = nextWish(bot, { rules, key, state: replica.state.machine }, nodeClock.now());
  if (operation !== undefined) node.submit(BOT_SEAT, operation);
}

function words(failed: Exclude<StartedNode<unknown>, { ok: true }>, folder: string): string {
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
  await seated?.node.close().catch(() => {});
  process.exit(0);
}

function tell(said: KioskSaid): void {
  if (process.connected) process.send?.(said);
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
