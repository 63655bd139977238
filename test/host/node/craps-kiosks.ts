/** Kiosks' loops that play craps in one process and in virtual time: envelopes, journals and dice as they are, or with a group in
 * which a roll takes no time. */
import { wideDigest } from "../../../host/crypto/ristretto-digest.ts";
import { diceKeyOf, diceSecretOf } from "../../../host/crypto/ristretto-keys.ts";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import type { Options } from "../../../host/engine/consensus/options.ts";
import { DiceOperation } from "../../../host/engine/dice/operation.ts";
import { type OwnPorts, ownDice } from "../../../host/engine/dice/own-state.ts";
import type { Group } from "../../../host/engine/dice/ports.ts";
import { decodeScalar } from "../../../host/engine/dice/scalar.ts";
import type { DiceMember } from "../../../host/engine/dice/state.ts";
import { CrapsAction } from "../../../host/engine/games/craps/moves.ts";
import { PASS } from "../../../host/engine/games/craps/spots.ts";
import type { Machine } from "../../../host/engine/machine.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { accountOf, ownerOf } from "../../../host/engine/table/players.ts";
import { tableMachine } from "../../../host/engine/table/table-machine.ts";
import { type CrapsRules, type CrapsTable, rulesAmong } from "../../../host/node/craps-table.ts";
import { diceAttendant } from "../../../host/node/dice-attendant.ts";
import { ownDicePorts } from "../../../host/node/dice-ports.ts";
import type { RunningNode } from "../../../host/node/node.ts";
import { partialOf } from "../../../host/node/partial-message.ts";
import { type SeenRoll, watchRolls } from "../../../host/node/roll-watch.ts";
import { tablesOf } from "../../../host/node/tables.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Counter, millis } from "../../../protocol/core/units.ts";
import { open } from "../../../protocol/envelope/open.ts";
import { strangerReplay } from "../../../protocol/envelope/stranger-replay.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { secretFrom, standInGroup, type World } from "../engine/dice/stand-in.ts";
import { type App, type Kiosk, NeighboursOf, type Packet, WALL_MS } from "./neighbours.ts";

export class CrapsKiosks extends NeighboursOf<CrapsTable> {
  readonly world: World;
  /** By kiosk, in every life of it: what it saw fall, a restart's again. */
  readonly seen: SeenRoll[][];
  /** By roll, the agreed time at which its bets were locked. */
  readonly lockedAt: number[] = [];
  /** By kiosk, the agreed time that its journal brought back. */
  readonly rememberedAt: number[] = [];

  constructor(count: number, world: World = "stand-in", options: Partial<Options> = {}) {
    super(count, options, world === "real" ? "real" : "hashed");
    this.world = world;
    this.seen = this.kiosks.map(() => []);
  }

  protected override appOf(at: number): App<CrapsTable> {
    const rules = this.rulesOf(at);
    const { secret, member } = this.diceOf(this.kiosks[at]!);
    return {
      machine: this.noting(watchRolls(tableMachine(rules), rules, (roll) => this.seen[at]!.push(roll))),
      attendant: diceAttendant(ownDice(secret, member.diceKey, this.now), rules.ports as OwnPorts),
    };
  }

  private noting(machine: Machine<CrapsTable>): Machine<CrapsTable> {
    const note = (state: CrapsTable, time: number): void => {
      if (state.dice.roll !== undefined) this.lockedAt[state.dice.lastRoll] ??= time;
    };
    return {
      ...machine,
      advance(state, time) {
        machine.advance(state, time);
        note(state, time);
      },
      execute(state, operation) {
        const result = machine.execute(state, operation);
        note(state, operation.time);
        return result;
      },
    };
  }

  override async start(at: number): Promise<RunningNode<CrapsTable>> {
    const node = await super.start(at);
    this.rememberedAt[at] = node.replica.state.time;
    return node;
  }

  /** The bets of that roll are decided there, and what shows it is durable: told when it was done, or remembered. */
  isLocked(at: number, roll: number): boolean {
    const lockedAt = this.lockedAt[roll] ?? Number.POSITIVE_INFINITY;
    if (this.rememberedAt[at]! >= lockedAt) return true;
    return toldOf(this.kiosks[at]!.told, "executed").some(({ time }) => time >= lockedAt);
  }

  rulesOf(at: number): CrapsRules {
    const members = this.kiosks.map((kiosk) => this.diceOf(kiosk).member);
    return rulesAmong(this.table, members, this.portsOf(this.kiosks[at]!));
  }

  private portsOf({ ports }: Kiosk<CrapsTable>): OwnPorts {
    const own = ownDicePorts(ports);
    return this.world === "real" ? own : { ...own, wideDigest, group: standInGroup as Group };
  }

  private diceOf(kiosk: Kiosk<CrapsTable>): { readonly secret: Uint8Array; readonly member: DiceMember } {
    const { key, seed } = kiosk;
    if (this.world === "real") {
      const diceKey = diceKeyOf(key);
      assert(diceKey !== undefined, "a test's key is one");
      return { secret: diceSecretOf(seed), member: { key, diceKey } };
    }
    const { group } = this.portsOf(kiosk);
    const secret = secretFrom(this.portsOf(kiosk), seed);
    const number = decodeScalar(secret, group.order);
    assert(number !== undefined, "a stand-in's secret is a number");
    return { secret, member: { key, diceKey: group.encode(group.multiply(group.base, number)) } };
  }

  stateOf(at: number): CrapsTable | undefined {
    return this.kiosks[at]!.node?.replica.state.machine;
  }

  ask(at: number, operation: TableOperation): void {
    this.kiosks[at]!.node?.submit(0, encode(TableOperation, operation).slice());
  }

  act(at: number, action: CrapsAction): void {
    const state = this.stateOf(at);
    assert(state !== undefined, "who acts is up");
    const account = accountOf(state, ownerOf(this.rulesOf(at), this.kiosks[at]!.key, 0));
    const counter = account === undefined ? (0 as Counter) : state.ledger.accounts[account]!.nextCounter;
    this.kiosks[at]!.node?.submit(0, betting(counter, action));
  }

  /** All that run have executed the same, and nothing waits. */
  isSettled(): boolean {
    const replicas = this.kiosks.flatMap(({ node }) => (node === undefined ? [] : [node.replica]));
    const isIdle = replicas.every(({ pools }) => pools.every(({ waiting }) => waiting.length === 0));
    return isIdle && new Set(replicas.map(({ executed }) => executed)).size === 1;
  }

  /** Everybody sits, and a table of four and more has its key. */
  async seated(): Promise<void> {
    await this.startAll();
    await this.run(200);
    for (const at of this.kiosks.keys()) {
      this.ask(at, { type: "sit" });
      // So that places are in the order of kiosks.
      await this.run(2000, () => this.stateOf(at)?.places[at] !== undefined && this.isSettled());
    }
    const isReady = (at: number) => this.stateOf(at)?.dice.deal === undefined;
    assert(await this.run(20_000, () => [...this.kiosks.keys()].every(isReady) && this.isSettled()), "it has a key");
  }

  /** Whose turn it is has bet. */
  async betted(): Promise<number> {
    const shooter = this.stateOf(this.running())!.play.state.shooter;
    const betsOf = () => this.stateOf(shooter)!.play.state.seats[shooter]!;
    if (betsOf().length === 0) this.act(shooter, { type: "bet", code: PASS, chips: 10 });
    assert(await this.run(5000, () => betsOf().length > 0 && this.isSettled()), "the shooter bets");
    return shooter;
  }

  /** And asks for the dice: the number of the roll that begins so. */
  async locked(): Promise<number> {
    const shooter = await this.betted();
    const roll = this.stateOf(shooter)!.dice.lastRoll + 1;
    this.act(shooter, { type: "roll" });
    return roll;
  }

  /** The roll has ended everywhere. */
  async ended(roll: number, withinMs = 10_000): Promise<boolean> {
    const isOver = (at: number) => {
      const dice = this.stateOf(at)?.dice;
      return dice === undefined || (dice.lastRoll >= roll && dice.roll === undefined);
    };
    return this.run(withinMs, () => [...this.kiosks.keys()].every(isOver) && this.isSettled());
  }

  running(): number {
    return this.kiosks.findIndex(({ node }) => node !== undefined);
  }

  /** What a packet says to whoever may open it; undefined of what was said openly. */
  messageIn({ from, envelope }: Packet): Message | undefined {
    const { node, ports } = this.kiosks[from]!;
    if (node === undefined || envelope === undefined) return undefined;
    const tables = tablesOf(node.replica, this.members, []);
    const opened = open(envelope, { tables, strangers: strangerReplay(), now: millis(WALL_MS + this.now) }, ports);
    return opened.ok ? opened.message : undefined;
  }

  /** The roll of which the packet carries a partial. */
  partialIn(packet: Packet): number | undefined {
    const message = this.messageIn(packet);
    return message === undefined ? undefined : partialOf(message)?.roll;
  }
}

export const toldOf = <T extends Effect["type"]>(told: readonly Effect[], type: T): (Effect & { type: T })[] =>
  told.filter((effect): effect is Effect & { type: T } => effect.type === type);

export const betting = (counter: Counter, action: CrapsAction): Uint8Array =>
  encode(TableOperation, { type: "act", counter, action: encode(CrapsAction, action).slice() }).slice();

/** What the kiosk has asked for about dice, in all its lives. */
export function diceAskedFor(told: readonly Effect[]): DiceOperation[] {
  return toldOf(told, "persist").flatMap(({ record }) => {
    if (record.type !== "request") return [];
    const operation = decode(TableOperation, record.signed.request.operation);
    if (!operation.ok || operation.value.type !== "dice") return [];
    const asked = decode(DiceOperation, operation.value.operation);
    return asked.ok ? [asked.value] : [];
  });
}
