/** A table of some kiosks, and others beside it that want a place. */

import type { Options } from "../../../host/engine/consensus/options.ts";
import type { KeyValueState } from "../../../host/engine/keyvalue/state.ts";
import type { Seating } from "../../../host/engine/reception/agreed-table.ts";
import type { ReceptionEffect } from "../../../host/engine/reception/reception-events.ts";
import { BLE } from "../../../host/engine/timing/profiles.ts";
import { type Belief, beliefOf, type Joined } from "../../../host/node/joining-founding.ts";
import { type Visit, visit } from "../../../host/node/joining-visit.ts";
import type { Identified } from "../../../host/node/lobby-part.ts";
import type { NodeOptions, RunningNode } from "../../../host/node/node.ts";
import { FEATURES, PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../../protocol/core/version.ts";
import type { JoinRequest } from "../../../protocol/message/join.ts";
import { Neighbours, type Signatures } from "./neighbours.ts";

export const VERSION = Object.freeze({
  ...{ major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
  features: FEATURES.chunkedObjects | FEATURES.spectators,
});

export class Joiners extends Neighbours {
  readonly said: ReceptionEffect[][];
  readonly beliefs: (Belief | undefined)[];
  seating: Seating = { seats: 8, seatsFree: 4, excluded: [] };
  /** What members find of a proof. */
  identify: (applicant: Uint8Array, proof: Uint8Array) => Identified = () => undefined;
  private readonly foundersAt: readonly number[];

  constructor(
    count: number,
    foundersAt: readonly number[],
    options: Partial<Options> = {},
    signatures: Signatures = "hashed",
  ) {
    super(count, { profile: BLE, ...options }, signatures);
    this.foundersAt = foundersAt;
    this.said = this.kiosks.map(() => []);
    this.beliefs = this.kiosks.map(() => undefined);
  }

  override get members(): readonly Uint8Array[] {
    return this.foundersAt.map((at) => this.kiosks[at]!.key);
  }

  async startFounders(): Promise<void> {
    for (const at of this.foundersAt) await this.start(at);
    await this.run(30_000, () => this.foundersAt.every((at) => this.kiosks[at]!.node?.replica.probing === undefined));
  }

  protected override moreOf(at: number): Partial<NodeOptions<KeyValueState>> {
    const belief = this.beliefs[at];
    return {
      ...(belief === undefined ? {} : { belief }),
      lobby: {
        ...{ name: "Table one", needed: VERSION, seating: () => this.seating },
        identify: (applicant, proof, answer) => void this.after(20, () => answer(this.identify(applicant, proof))),
        on: (effect) => this.said[at]!.push(effect),
      },
    };
  }

  visit(at: number, anchors: readonly number[]): Visit {
    const { key, ports } = this.kiosks[at]!;
    return visit({
      ...{ key, ports, consensus: this.options, table: this.table, clock: this.clock },
      version: VERSION,
      mail: this.mailOf<null>(at, this.nextLife()),
      anchors: anchors.map((each) => this.kiosks[each]!.key),
    });
  }

  /** Asks, and starts as a member where the answer is yes. */
  async join(
    at: number,
    anchors: readonly number[],
    change: Partial<JoinRequest> = {},
  ): Promise<RunningNode<KeyValueState> | string> {
    const here = this.visit(at, anchors);
    let visited: Awaited<ReturnType<Visit["ask"]>> | undefined;
    here.ask(request(change)).then((each) => {
      visited = each;
    });
    await this.run(240_000, () => visited !== undefined);
    here.close();
    if (visited?.type !== "joined") return visited === undefined ? "nothing" : `${visited.why}: ${visited.reason}`;
    return this.sit(at, visited);
  }

  async sit(at: number, joined: Joined): Promise<RunningNode<KeyValueState>> {
    this.beliefs[at] = beliefOf(joined);
    const node = await this.start(at);
    return node;
  }
}

export const request = (change: Partial<JoinRequest> = {}): JoinRequest => ({
  ...{ version: VERSION, software: "hardway 0.1.0", name: "by the window", role: "member", seats: 1 },
  proof: new Uint8Array(8),
  ...change,
});
