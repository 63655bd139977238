/** Dice of four kiosks with real proofs, whose bets are chosen so that they fall as a story wants them: what a table must never be
 * able to do, a test that holds every member's secret can. */

import { nextHistory } from "../../../../host/engine/consensus/log.ts";
import { signBallot } from "../../../../host/engine/consensus/statements.ts";
import { lockDigest, type RollInput } from "../../../../host/engine/dice/bet-lock.ts";
import { drawTwoDice } from "../../../../host/engine/dice/draw.ts";
import { SETTLE_STAGGER_MS } from "../../../../host/engine/dice/limits.ts";
import { outputSeed } from "../../../../host/engine/dice/output.ts";
import { rollPoint } from "../../../../host/engine/dice/partial.ts";
import { weightsAtZero } from "../../../../host/engine/dice/polynomial.ts";
import { RollProof } from "../../../../host/engine/dice/roll-proof.ts";
import { inputOf } from "../../../../host/engine/dice/state.ts";
import { proofDigest, rollFile } from "../../../../host/node/roll-file.ts";
import { Certificate } from "../../../../protocol/agreement/certificate.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { sequence, view } from "../../../../protocol/core/units.ts";
import { type DiceTable, diceTable, lock, passTime, settleDown } from "../../engine/dice/kiosks.ts";
import { keyIn, portsIn, shareOf } from "../../engine/dice/parts.ts";
import type { DiceSource, Thrown, Wanted } from "./dice-source.ts";

export class ProvedDice implements DiceSource {
  readonly #of: DiceTable;
  readonly #secret: bigint;

  constructor() {
    this.#of = diceTable(4, { world: "real" });
    settleDown(this.#of);
    const { group } = portsIn(this.#of);
    const holders = [...new Array(keyIn(this.#of).key.threshold).keys()];
    const weights = weightsAtZero(holders, group.order);
    const sum = holders.reduce((all, holder, at) => all + weights[at]! * shareOf(this.#of, holder), 0n);
    this.#secret = sum % group.order;
  }

  /** In their order. */
  get members(): readonly string[] {
    return this.#of.kiosks.map(({ member }) => Buffer.from(member.key).toString("hex"));
  }

  /** With the digest of the bets as they were locked. */
  lockFor(wanted: Wanted): string {
    for (let bets = 1; bets < 256; bets++) {
      const [first, second] = this.#dice(bets);
      if (!wanted(first, second)) continue;
      lock(this.#of, bets);
      return Buffer.from(inputOf(this.#of.state, this.#of.state.roll!).lock).toString("hex");
    }
    throw new Error("no bets bring such dice");
  }

  throw(): Thrown {
    const of = this.#of;
    settleDown(of);
    for (let rank = 0; rank < of.kiosks.length && of.state.roll !== undefined; rank++) passTime(of, SETTLE_STAGGER_MS);
    const last = of.changes.findLast((change) => change.type === "rolled");
    if (last?.roll !== of.state.lastRoll) throw new Error("the dice did not fall");
    const { proof } = last;
    const keys = {
      ...{ table: of.state.table, epoch: of.state.epoch, key: of.state.key?.key },
      members: of.kiosks.map(({ member }) => member.key),
    };
    const digest = proofDigest(encode(RollProof, proof));
    return { first: proof.first, second: proof.second, file: rollFile(keys, proof), digest };
  }

  #dice(bets: number): readonly [number, number] {
    const ports = portsIn(this.#of);
    const { table, epoch, lastRoll } = this.#of.state;
    const bound = { roll: lastRoll + 1, betRoot: new Uint8Array(32).fill(bets), nonces: [Uint8Array.of(1, 2)] };
    const input: RollInput = { table, epoch, roll: bound.roll, lock: lockDigest(ports, bound) };
    const { group } = ports;
    const output = group.encode(group.multiply(rollPoint(group, input).element, this.#secret));
    return drawTwoDice(ports, outputSeed(ports, input, output));
  }

  /** Three of the four members sign that a batch is the table's thirtieth: as a kiosk sends it beside a proof. */
  quorum(): { readonly certificate: string } {
    const { table, epoch } = this.#of.state;
    const members = this.#of.kiosks.map(({ member }) => member.key);
    const name = { digest: new Uint8Array(32).fill(9), size: 100 };
    const base = { sequence: sequence(29), digest: new Uint8Array(32).fill(1) };
    const ballots = [0, 1, 3].map((member) => {
      const { ports } = this.#of.kiosks[member]!;
      const committed = { sequence: sequence(30), digest: nextHistory(ports, base.digest, 30, name) };
      const ballot = { view: view(0), proposed: undefined, prepared: undefined, committed, checkpoint: undefined };
      return signBallot({ table, epoch, members }, ports, member, ballot);
    });
    const certificate: Certificate = {
      ...{ phase: "committed", view: view(0), sequence: sequence(30), base, names: [name], ballots },
    };
    return { certificate: Buffer.from(encode(Certificate, certificate)).toString("hex") };
  }
}
