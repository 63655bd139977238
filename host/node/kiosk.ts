/** One kiosk as a process of its own: its key, its journal, its radios, and a player who never tires. It reports to whoever
 * started it, and ends with that process. */
import { join } from "node:path";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import type { KeyPair } from "../crypto/ed25519-keys.ts";
import { sha256 } from "../crypto/sha256.ts";
import type { Effect } from "../engine/consensus/events.ts";
import type { Options } from "../engine/consensus/options.ts";
import { primaryOf } from "../engine/consensus/quorums.ts";
import { keyValueMachine } from "../engine/keyvalue/key-value-machine.ts";
import type { KeyValueState } from "../engine/keyvalue/state.ts";
import { BLE } from "../engine/timing/profiles.ts";
import { parseDevice } from "../radio/device-url.ts";
import { fileDisk } from "../storage/file-disk.ts";
import { nodeClock } from "./clock.ts";
import { cryptoPorts } from "./crypto-ports.ts";
import { ownKey } from "./key-file.ts";
import type { KioskOrder, KioskSaid, Report } from "./kiosk-report.ts";
import { type Load, load, nextOperation, onAnswered, onFull, onNumbered } from "./load.ts";
import { type RunningNode, runNode, type StartedNode } from "./node.ts";
import { type Radios, radios } from "./radio-transport.ts";

const REPORT_EVERY_MS = 1000;
/** Between two looks whether the player has anything to ask. */
const ASK_EVERY_MS = 20;

/** All kiosks of a table agree in these. */
const OPTIONS: Options = {
  ...{ checkpointEvery: 50, window: 8, batchLengthMax: 50 },
  ...{ fastPath: true, bundles: true, lazy: true, rules: [1], profile: BLE },
};

interface Seated {
  readonly kiosk: number;
  readonly node: RunningNode<KeyValueState>;
  readonly radios: Radios;
  readonly load: Load;
  readonly tally: Tally;
  readonly recovered: Report["recovered"];
}

interface Tally {
  fast: number;
  slow: number;
  decided: number;
  muted: string | undefined;
}

let own: { readonly kiosk: number; readonly folder: string; readonly pair: KeyPair } | undefined;
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
      const { kiosk, folder } = order;
      const pair = ownKey(folder);
      if (pair === undefined) return fail(kiosk, `${join(folder, "key")} is no key`, "start with --reset");
      own = { kiosk, folder, pair };
      tell({ type: "own", kiosk, key: hex(pair.publicKey.bytes) });
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
  const { kiosk, folder, pair } = own;
  const devices = order.devices.map((url) => {
    const parsed = parseDevice(url);
    assert(parsed.ok, "the starter names devices that there are");
    return parsed.device;
  });
  const ports = radios({ me: kiosk, plans: order.plans, devices });
  const player = load(kiosk, order.seed);
  const tally: Tally = { fast: 0, slow: 0, decided: 0, muted: undefined };
  const founding = { options: OPTIONS, table: bytes(order.table), members: order.members.map(bytes) };
  const started = await runNode({
    ...{ machine: keyValueMachine, ports: cryptoPorts(pair), disk: fileDisk(join(folder, "journal")) },
    ...{ founding: { ...founding, key: pair.publicKey.bytes }, transport: ports.open },
    on: (effect) => note(effect, player, tally),
  });
  if (!started.ok) return fail(kiosk, words(started, folder), "start with --reset, or with --at another folder");
  const { node } = started;
  const recovered = { records: node.recordCount, verdict: node.verdict.type, sequence: node.replica.executed };
  tally.decided = node.replica.decided;
  seated = { kiosk, node, radios: ports, load: player, tally, recovered };
  node.ended.catch((error: Error) => fail(kiosk, error.message, "look after its disk"));
  setInterval(() => ask(node, player), ASK_EVERY_MS);
  setInterval(() => {
    ports.askCounters();
    if (seated !== undefined) tell(reportOf(seated));
  }, REPORT_EVERY_MS);
}

function ask(node: RunningNode<KeyValueState>, player: Load): void {
  if (isResting || node.replica.probing !== undefined) return;
  const operation = nextOperation(player, nodeClock.now());
  if (operation !== undefined) node.submit(0, operation);
}

function note(effect: Effect, player: Load, tally: Tally): void {
  if (effect.type === "answered") onAnswered(player, effect.number, nodeClock.now());
  else if (effect.type === "refused") onFull(player);
  else if (effect.type === "muted") tally.muted = effect.why;
  else if (effect.type === "unmuted") tally.muted = undefined;
  else if (effect.type === "persist" && effect.record.type === "request") {
    onNumbered(player, effect.record.signed.request.number);
  } else if (effect.type === "persist" && effect.record.type === "decided") {
    const { sequence, phase } = effect.record.certificate;
    tally[phase === "unanimous" ? "fast" : "slow"] += Math.max(0, sequence - tally.decided);
    tally.decided = Math.max(tally.decided, sequence);
  }
}

function reportOf({ kiosk, node, radios, load, tally, recovered }: Seated): Report {
  const { replica } = node;
  const { state } = replica;
  return {
    ...{ type: "report", kiosk, member: replica.me, sequence: replica.executed, view: replica.view },
    ...{ isChanging: replica.phase === "changing", isPaused: node.isPaused() },
    primary: primaryOf(replica, replica.view),
    operations: state.table.clients.reduce((sum, { executed }) => sum + executed, 0),
    ...{ fast: tally.fast, slow: tally.slow, latencies: load.latencies.splice(0).map(Math.round) },
    waiting: replica.pools.reduce((sum, { waiting }) => sum + waiting.length, 0),
    digest: hex(sha256(state.history, keyValueMachine.snapshot(state.machine))),
    ...{ recovered, muted: tally.muted, linkCount: node.linkCount(), flushes: node.tally.flushes },
    ...{ radios: radios.reports, packets: radios.tally, refused: node.refused },
  };
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
const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
