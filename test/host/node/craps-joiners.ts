/** A craps table of some kiosks, and others beside it that want a place, or only to look on. */
import type { Options } from "../../../host/engine/consensus/options.ts";
import type { RecoveryEffect } from "../../../host/engine/recovery/events.ts";
import { accountOf, ownerOf, placeOfPlayer } from "../../../host/engine/table/players.ts";
import { BLE } from "../../../host/engine/timing/profiles.ts";
import { type CrapsRules, type CrapsTable, rulesAmong, seatingBy } from "../../../host/node/craps-table.ts";
import { type Belief, beliefOf } from "../../../host/node/joining-founding.ts";
import { type Visit, type Visited, visit } from "../../../host/node/joining-visit.ts";
import type { NodeOptions, RunningNode } from "../../../host/node/node.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { JoinRequest } from "../../../protocol/message/join.ts";
import { CrapsKiosks } from "./craps-kiosks.ts";
import { request, VERSION } from "./joiners.ts";

const AS_SPECTATOR = Object.freeze({ role: "spectator", seats: 0, proof: new Uint8Array(0) } as const);

export class CrapsJoiners extends CrapsKiosks {
  readonly beliefs: (Belief | undefined)[];
  readonly recovery: RecoveryEffect[][];
  private readonly onlookers: number[] = [];
  private readonly foundersAt: readonly number[];
  private readonly seats: number;

  constructor(count: number, foundersAt: readonly number[], seats: number, options: Partial<Options> = {}) {
    super(count, "stand-in", { profile: BLE, checkpointEvery: 10, ...options });
    this.foundersAt = foundersAt;
    this.seats = seats;
    this.beliefs = this.kiosks.map(() => undefined);
    this.recovery = this.kiosks.map(() => []);
  }

  override get members(): readonly Uint8Array[] {
    return this.foundersAt.map((at) => this.kiosks[at]!.key);
  }

  override rulesOf(at: number): CrapsRules {
    const all = super.rulesOf(at);
    const founders = all.members.filter(({ key }) => this.members.some((each) => bytesEqual(each, key)));
    return {
      ...rulesAmong(this.table, founders, all.ports, { seats: this.seats }),
      diceKeyOf: (key) => all.members.find((member) => bytesEqual(member.key, key))?.diceKey,
    };
  }

  protected override moreOf(at: number): Partial<NodeOptions<CrapsTable>> {
    const belief = this.beliefs[at];
    return {
      ...(belief === undefined ? {} : { belief }),
      ...(this.onlookers.includes(at) ? { looksOn: request(AS_SPECTATOR) } : {}),
      lobby: {
        ...{ name: "Table one", needed: VERSION, seating: seatingBy(this.rulesOf(at)) },
        identify: (_applicant, _proof, answer) => void this.after(20, () => answer(undefined)),
      },
      onRecovery: (effect) => this.recovery[at]!.push(effect),
    };
  }

  async startFounders(): Promise<void> {
    for (const at of this.foundersAt) await this.start(at);
    await this.run(30_000, () => this.foundersAt.every((at) => this.kiosks[at]!.node?.replica.probing === undefined));
  }

  /** Asks, and starts as a member, or as one that looks on, where the answer is yes. */
  async join(at: number, anchor: number, change: Partial<JoinRequest> = {}): Promise<RunningNode<CrapsTable> | string> {
    const { key, ports } = this.kiosks[at]!;
    const here: Visit = visit({
      ...{ key, ports, consensus: this.options, table: this.table, clock: this.clock, version: VERSION },
      ...{ mail: this.mailOf<null>(at, this.nextLife()), anchors: [this.kiosks[anchor]!.key] },
    });
    let visited: Visited | undefined;
    here.ask(request(change)).then((each) => {
      visited = each;
    });
    await this.run(240_000, () => visited !== undefined);
    here.close();
    if (visited?.type !== "joined") return visited === undefined ? "nothing" : `${visited.why}: ${visited.reason}`;
    this.beliefs[at] = beliefOf(visited);
    return this.start(at);
  }

  /** Asks to look on, and does. */
  lookOn(at: number, anchor: number): Promise<RunningNode<CrapsTable> | string> {
    this.onlookers.push(at);
    return this.join(at, anchor, AS_SPECTATOR);
  }

  /** From what its journal has. */
  lookOnAgain(at: number): Promise<RunningNode<CrapsTable>> {
    return this.start(at);
  }

  /** It is where the others are. */
  async followed(at: number, withinMs = 60_000): Promise<boolean> {
    const { replica } = this.kiosks[at]!.node!;
    const isThere = (): boolean => replica.probing === undefined && replica.state.table.epoch === replica.epoch;
    return this.run(withinMs, () => isThere() && this.isSettled());
  }

  /** Its player has a place. */
  async sat(at: number): Promise<boolean> {
    this.ask(at, { type: "sit" });
    return this.run(30_000, () => this.placeOf(at) >= 0 && this.isSettled());
  }

  /** In the game, of its player; below zero of nobody. */
  placeOf(at: number): number {
    const state = this.stateOf(at)!;
    return placeOfPlayer(state, accountOf(state, ownerOf(this.rulesOf(at), this.kiosks[at]!.key, 0)));
  }
}
