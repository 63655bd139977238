/** One kiosk as a process of its own: its key, its journal, its radios, its part in the dice, and a player who never tires. It reports to
 * whoever started it, who shows it on a page, and ends with that process. */
import { join } from "node:path";
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { millis } from "../../../protocol/core/units.ts";
import { PASS, SPOTS, spotOf } from "../../engine/games/craps/spots.ts";
import { logger } from "../../logs/logger.ts";
import { openSinks } from "../../logs/open-sinks.ts";
import { BOT_SEAT, bot } from "../../node/bot.ts";
import type { NodeClock } from "../../node/clock.ts";
import { cryptoPorts } from "../../node/crypto-ports.ts";
import { ownDicePorts } from "../../node/dice-ports.ts";
import { type OwnKey, ownKey } from "../../node/key-file.ts";
import { readPassphrase } from "../../node/passphrase-file.ts";
import { secretIn } from "../../node/secret-file.ts";
import { type Device, parseDevice } from "../../radio/device-url.ts";
import type { Answer } from "../../web/contract/answers.ts";
import { packageFacts } from "../version.ts";
import { type BotPlayer, botPlayer, PERSON_SEAT, wishOf } from "./bot-player.ts";
import { demoDesk } from "./demo-desk.ts";
import type { KioskOrder, KioskSaid } from "./kiosk-report.ts";
import { lastLines } from "./last-lines.ts";
import { type OwnLiar, ownLiar } from "./own-liar.ts";
import { ledgerExporter } from "./page-ledger.ts";
import { newTally, note, reportOf, rollSaid, type Seated } from "./reports.ts";
import { scaledClock } from "./scaled-clock.ts";
import { diskWords, type ServedKiosk, serveKiosk } from "./served-kiosk.ts";
import { bytesOf, rulesOf } from "./table-file.ts";
import { type ToldPort, tellPort } from "./tell-port.ts";

const REPORT_EVERY_MS = 1000;
/** Between two looks whether the player has anything to ask. */
const ASK_EVERY_MS = 20;
/** For a key that places a bet: on the line, or where that may not be on the field. */
const KEY_BET_CHIPS = 10;
const FIELD = SPOTS.find(({ name }) => name === "field")?.code ?? PASS;
const BET_TRIES_MAX = 20;
const BET_AGAIN_MS = 500;
const LOG_SIZE_MAX = 1_048_576;

let own: ({ readonly kiosk: number; readonly folder: string } & OwnKey) | undefined;
let seated: Seated | undefined;
let served: ServedKiosk | undefined;
let told: ToldPort | undefined;
/** None where radios are real. */
let liar: OwnLiar | undefined;
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
      seated?.running.node.pause(order.ms);
      break;
    case "bet":
      await bet();
      break;
    case "ask":
      told?.ask(order.id, order.asks);
      break;
    case "lie":
      liar?.tell(order.lie);
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
  const { kiosk, folder } = own;
  const secret = secretIn(order.secretFile);
  if (secret === undefined) return fail(kiosk, `${order.secretFile} holds no secret of a table`, "start with --reset");
  const clock = scaledClock(order.speed, order.beganAt);
  const lines = lastLines();
  const file = { path: join(folder, "kiosk.log"), sizeMax: LOG_SIZE_MAX, filesMax: 2 };
  const [, toFile] = openSinks({ form: "json", file }, process.stderr, undefined);
  const log = logger({
    level: "info",
    clock: { now: () => millis(performance.now()), wall: () => Date.now() },
    sinks: [toFile, lines.sink],
  });
  const ports = cryptoPorts(own.pair);
  const known = rulesOf(order.table, ownDicePorts(ports));
  const hand =
    order.isVirtual && known !== undefined
      ? ownLiar({ seed: order.seed + kiosk, ports, rules: known, clock, node: () => seated?.running.node })
      : undefined;
  hand?.tell(order.lie);
  liar = hand;
  const player = botPlayer(bot(order.seed + kiosk));
  const tally = newTally();
  const started = await serveKiosk({
    ...{ name: `Kiosk ${kiosk}`, version: packageFacts().version, folder, own, table: order.table, secret, clock, log },
    ...{
      seats: [PERSON_SEAT],
      isVirtual: order.isVirtual,
      desk: demoDesk(log, lines, ledgerExporter(folder, own.pair)),
      web: undefined,
    },
    ...(hand === undefined ? {} : { between: hand.between }),
    radios: order.radios.map(({ device, role }) => ({ device: deviceOf(device), role })),
    planned: order.opens.map((other) => bytesOf(order.kiosks[other])),
    on(effect) {
      note(effect, player.bot, tally, clock.now());
      hand?.sees(effect);
    },
    onRoll(roll) {
      if (seated !== undefined) tell(rollSaid(seated, roll));
    },
  });
  if (!started.ok) return fail(kiosk, started.why, `start with --reset, or with --at another folder: ${started.next}`);
  served = started.kiosk;
  const { running, rules, port } = served;
  const { node } = running;
  const recovered = { records: node.recordCount, verdict: node.verdict.type, sequence: node.replica.executed };
  tally.decided = node.replica.decided;
  seated = { kiosk, running, rules, bot: player.bot, tally, lies: () => hand?.acts() ?? 0, recovered };
  node.ended.catch((error: Error) => fail(kiosk, diskWords(error, folder), "look after its disk"));
  tell({ type: "up", kiosk });
  told = tellPort(port, (said, onWritten) => tell({ type: "port", kiosk, said }, onWritten));
  const every = (ms: number, run: () => void): void => {
    clock.after(ms, () => {
      run();
      every(ms, run);
    });
  };
  const key = own.pair.publicKey.bytes;
  every(ASK_EVERY_MS, () => ask(player, clock, key));
  setInterval(() => {
    if (seated !== undefined) tell(reportOf(seated));
  }, REPORT_EVERY_MS);
}

function ask(player: BotPlayer, clock: NodeClock, key: Uint8Array): void {
  if (seated === undefined || isResting) return;
  const { running, rules } = seated;
  const { replica } = running.node;
  if (replica.probing !== undefined || replica.mutedUntil !== undefined) return;
  const operation = wishOf(player, { rules, key, state: replica.state.machine }, clock.now());
  if (operation !== undefined) running.node.submit(BOT_SEAT, operation);
}

/** As somebody at the page would: sits down first, waits while dice are on their way, and bets what may be bet. */
async function bet(): Promise<void> {
  if (own === undefined || served === undefined) return;
  const { kiosk } = own;
  const { port } = served;
  const isSitting = (port.view().view.own[0]?.place ?? null) !== null;
  let answer: Answer = isSitting ? { ok: true, revision: 0, words: "" } : await port.order({ type: "sit" });
  let words = answer.ok ? "" : answer.words;
  for (let tries = 0; answer.ok && words === "" && tries < BET_TRIES_MAX; tries++) {
    for (const code of [PASS, FIELD]) {
      answer = await port.order({ type: "bet", code, chips: KEY_BET_CHIPS });
      words = answer.ok ? `${KEY_BET_CHIPS} chips on ${spotOf(code)?.name}` : answer.words;
      if (answer.ok || answer.why === "not now") break;
    }
    if (answer.ok || answer.why !== "not now") break;
    answer = { ok: true, revision: 0, words: "" };
    words = "";
    await new Promise((resolve) => setTimeout(resolve, BET_AGAIN_MS));
  }
  tell({ type: "betted", kiosk, words: words === "" ? "the dice were on their way too long" : words });
}

function fail(kiosk: number, why: string, next: string): void {
  const said: KioskSaid = { type: "failed", kiosk, why, next };
  if (process.send === undefined || !process.connected) process.exit(1);
  process.send(said, () => process.exit(1));
}

/** The journal is closed in order, for what waits there may be somebody's request. */
async function end(): Promise<void> {
  await served?.close().catch(() => {});
  process.exit(0);
}

function tell(said: KioskSaid, onWritten: () => void = () => {}): void {
  if (process.connected) process.send?.(said, onWritten);
}

function deviceOf(url: string): Device {
  const parsed = parseDevice(url);
  assert(parsed.ok, "the starter names devices that there are");
  return parsed.device;
}
