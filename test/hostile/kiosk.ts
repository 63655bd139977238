/** One kiosk of a hostile table as a process of its own, on radios of the virtual air: honest, or not. It reports to whoever started it,
 * and ends with that process. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { deviceOf } from "../../host/cli/commands/devices.ts";
import { consensusOf } from "../../host/cli/kiosk/agreed.ts";
import { type OwnLiar, ownLiar } from "../../host/cli/kiosk/own-liar.ts";
import { scaledClock } from "../../host/cli/kiosk/scaled-clock.ts";
import { agreedAt, bytesOf, rulesOf } from "../../host/cli/kiosk/table-file.ts";
import { diceKeyOf } from "../../host/crypto/ristretto-keys.ts";
import { sha256 } from "../../host/crypto/sha256.ts";
import type { Effect } from "../../host/engine/consensus/events.ts";
import { audit } from "../../host/engine/ledger/audit.ts";
import { ownerOf } from "../../host/engine/table/players.ts";
import type { LiarHand } from "../../host/liars/hand.ts";
import { wrongSecret } from "../../host/liars/wrong-secret.ts";
import { accusationsOf } from "../../host/node/accuse.ts";
import type { CrapsRules } from "../../host/node/craps-table.ts";
import { cryptoPorts } from "../../host/node/crypto-ports.ts";
import { ownDicePorts } from "../../host/node/dice-ports.ts";
import { ownKey } from "../../host/node/key-file.ts";
import { secretIn } from "../../host/node/secret-file.ts";
import { type RunningKiosk, startKiosk } from "../../host/node/start-kiosk.ts";
import { fileDisk } from "../../host/storage/file-disk.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance } from "../../protocol/core/chance.ts";
import { type Deed, isLie } from "./kinds.ts";
import { wantedOf } from "./player.ts";
import { lyingOfViews, type ViewLiar } from "./view-liars.ts";
import { wires } from "./wires.ts";
import type { Facts, Order, Tells } from "./words.ts";

const REPORT_EVERY_MS = 250;
const ASK_EVERY_MS = 20;
/** What was asked for and has not come is asked for again: the table does it once. */
const ASK_AGAIN_MS = 3_000;
const IDLE_MS = 10_000;

interface Here {
  readonly kiosk: RunningKiosk;
  readonly rules: CrapsRules;
  readonly key: Uint8Array;
  readonly table: readonly string[];
  readonly liar: OwnLiar;
  readonly views: ViewLiar;
}

let folder = "";
let here: Here | undefined;
let isResting = false;
let viewActs = 0;
let muted: string | undefined;
let parts = 0;
let rolls = 0;
let voids = 0;
const found: string[] = [];

process.on("disconnect", () => process.exit(0));
process.on("message", (order: Order) => {
  obey(order).catch((error: Error) => {
    tell({ type: "failed", why: error.stack ?? error.message });
    process.exitCode = 1;
    process.disconnect();
  });
});

async function obey(order: Order): Promise<void> {
  switch (order.type) {
    case "own":
      folder = order.folder;
      tell({ type: "own", key: hex(own().pair.publicKey.bytes) });
      break;
    case "sit":
      await sit(order);
      break;
    case "begin":
      begin(order.deed);
      break;
    case "rest":
      isResting = true;
      break;
    case "end":
      await here?.kiosk.close();
      process.exit(0);
  }
}

function own() {
  const key = ownKey(folder);
  assert(key.ok, "a test's key lies there as it is");
  return key;
}

async function sit(order: Order & { type: "sit" }): Promise<void> {
  const { pair, diceSecret } = own();
  const key = pair.publicKey.bytes;
  const ports = cryptoPorts(pair);
  const dicePorts = ownDicePorts(ports);
  const rules = rulesOf(order.table, dicePorts);
  const diceKey = diceKeyOf(key);
  const secret = secretIn(order.secretFile);
  assert(rules !== undefined && diceKey !== undefined && secret !== undefined, "a test founds a sound table");
  const clock = scaledClock(order.speed, order.beganAt);
  const node: LiarHand["node"] = () => here?.kiosk.node;
  const liar = ownLiar({ seed: order.seed, ports, rules, clock, node });
  const hand: LiarHand = {
    ...{ lie: undefined, chance: chance(order.seed), ports, rules, node, say: undefined, voted: new Map() },
    onAct() {
      viewActs += 1;
    },
    after: (ms, run) => void clock.after(ms, run),
  };
  const views: ViewLiar = { deed: undefined, hand };
  const members = order.table.members.map(bytesOf);
  const started = await startKiosk({
    ...{ key, ports, rules, clock, hash: sha256, table: bytesOf(order.table.table), members, secret },
    consensus: consensusOf(agreedAt(order.table)),
    dice: {
      secret: order.deed === "wrongPartials" ? wrongSecret(diceSecret) : diceSecret,
      ...{ key: diceKey, ports: dicePorts },
    },
    ...{ disk: fileDisk(join(folder, "journal")), driver: { clock } },
    radios: order.radios.map(({ device, role }) => ({ device: deviceOf(device), role })),
    planned: order.opens.map(bytesOf),
    draw: () => new Uint8Array(randomBytes(32)),
    between(secured) {
      const open = order.wires === undefined ? secured : wires(key, order.wires.own, order.wires.others);
      return lyingOfViews(liar.between(open), views);
    },
    on(effect) {
      liar.sees(effect);
      note(effect);
    },
    onRoll({ fell }) {
      if (fell === undefined) voids += 1;
      else rolls += 1;
    },
  });
  if (!started.ok) throw new Error(`it did not start: ${started.why}`);
  const { kiosk } = started;
  here = { kiosk, rules, key, table: order.table.members, liar, views };
  kiosk.node.ended.catch((error: Error) => tell({ type: "failed", why: error.stack ?? error.message }));
  if (order.deed !== undefined) begin(order.deed);
  setInterval(() => {
    if (here !== undefined) tell(factsOf(here));
  }, REPORT_EVERY_MS);
  const last: Last = { at: Number.NEGATIVE_INFINITY, sequence: -1, movedAt: clock.now(), seen: 0 };
  const turn = (): void => {
    ask(here, last, clock.now(), order.stakers);
    clock.after(ASK_EVERY_MS, turn);
  };
  turn();
}

function begin(deed: Deed): void {
  if (here === undefined) return;
  if (isLie(deed)) here.liar.tell(deed);
  else here.views.deed = deed;
}

function note(effect: Effect): void {
  if (effect.type === "muted") muted = effect.why;
  else if (effect.type === "unmuted") muted = undefined;
  else if (effect.type === "evidence" && here !== undefined) {
    found.push(effect.evidence.type);
    const { node, machine } = here.kiosk;
    parts = Math.max(parts, accusationsOf(node.replica, effect.evidence, { machine }).length);
  }
}

/** When it asked last and where the table stood, and when that moved. */
interface Last {
  at: number;
  sequence: number;
  movedAt: number;
  seen: number;
}

/** One wish at a time, until the table has moved on. */
function ask(of: Here | undefined, last: Last, now: number, stakers: number): void {
  if (of === undefined || isResting) return;
  const { node } = of.kiosk;
  const { state, probing, mutedUntil, me } = node.replica;
  if (probing !== undefined || mutedUntil !== undefined || me < 0) return;
  if (state.sequence !== last.seen) last.movedAt = now;
  last.seen = state.sequence;
  if (state.sequence === last.sequence && now < last.at + ASK_AGAIN_MS) return;
  const wish = wantedOf({
    rules: of.rules,
    key: of.key,
    state: state.machine,
    stakers,
    isIdle: now > last.movedAt + IDLE_MS,
  });
  if (wish === undefined) return;
  node.submit(wish.seat, wish.operation);
  last.at = now;
  last.sequence = state.sequence;
}

function factsOf({ kiosk, rules, table, liar }: Here): Facts {
  const { node, machine } = kiosk;
  const { replica, mesh } = node;
  const { state } = replica;
  const { ledger, dice, stakes, judge } = state.machine;
  const nameOf = (owner: Uint8Array): string =>
    table.find((key) => [0, 1].some((seat) => bytesEqual(ownerOf(rules, bytesOf(key), seat), owner))) ?? "";
  return {
    ...{ type: "facts", sequence: replica.executed, epoch: replica.epoch, view: replica.view },
    digest: hex(sha256(state.history, machine.snapshot(state.machine))),
    members: replica.members.map(hex),
    ...{ rolls, voids, isRolling: dice.roll !== undefined, isBalanced: audit(ledger).ok, links: mesh.links.size },
    waiting: replica.pools.reduce((sum, { waiting }) => sum + waiting.length, 0),
    stakes: stakes.stakers.map(({ account, slashes }) => {
      const { owner, stake, unbonding } = ledger.accounts[account];
      return { key: nameOf(owner), chips: stake + unbonding, slashes: slashes.length };
    }),
    offences: judge.book.entries.map(({ key, kind }) => ({ key: hex(key), kind })),
    ...{ found, parts, acts: liar.acts() + viewActs, muted },
  };
}

const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");

function tell(said: Tells): void {
  if (process.connected) process.send?.(said);
}
