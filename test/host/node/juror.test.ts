import { expect, test } from "vitest";
import { requestDigest } from "../../../host/engine/consensus/replies.ts";
import { evidenceDigest } from "../../../host/engine/judge/disputes.ts";
import { POINTS, POINTS_START, pointsOf } from "../../../host/engine/judge/points.ts";
import { TableAnswer } from "../../../host/engine/table/answer.ts";
import { tableMachine } from "../../../host/engine/table/table-machine.ts";
import type { CrapsTable } from "../../../host/node/craps-table.ts";
import { juror } from "../../../host/node/juror.ts";
import type { NodeOptions } from "../../../host/node/node.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { agreedMillis, counter, epoch, memberIndex, sequence, view } from "../../../protocol/core/units.ts";
import { seal } from "../../../protocol/envelope/seal.ts";
import { DisputeClaim } from "../../../protocol/message/dispute.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { CrapsKiosks, toldOf } from "./craps-kiosks.ts";
import { WALL_MS } from "./neighbours.ts";

const ACCUSED = 2;

class Jurors extends CrapsKiosks {
  protected override moreOf(at: number): Partial<NodeOptions<CrapsTable>> {
    const rules = this.rulesOf(at);
    return { juror: juror(rules, tableMachine(rules), this.kiosks[at]!.ports) };
  }

  points(at: number, of: number): number {
    return pointsOf(
      this.stateOf(at)!.judge.points,
      this.kiosks[of]!.key,
      agreedMillis(this.kiosks[at]!.node!.replica.state.time),
    );
  }

  /** The last request of kiosk 0's player that came to a roll or a move, and what it came to. */
  settled() {
    for (const { sequence: at, done } of toldOf(this.kiosks[0]!.told, "executed").reverse()) {
      const found = done.find(
        ({ request, repeated }) => request.sender === 0 && request.request.seat === 0 && !repeated,
      );
      if (found !== undefined) return { at, ...found };
    }
    throw new Error("nothing was asked for");
  }

  /** What the accused says that it came to, under its signature. */
  envelope(result: Uint8Array, by = ACCUSED): Uint8Array {
    const { at, request } = this.settled();
    const { ports, node } = this.kiosks[by]!;
    const { seat, number } = request.request;
    const message: Message = {
      type: "reply",
      ...{ view: view(node!.replica.view), sequence: sequence(at), client: memberIndex(0), seat, number },
      ...{ digest: requestDigest(ports, request), result },
    };
    const place = { table: this.table, epoch: epoch(0), sender: memberIndex(by) };
    return seal(message, { type: "member", ...place, counter: counter(FAR_AHEAD) }, ports).bytes.slice();
  }

  /** Against the accused. */
  contests(by: number, evidence: Uint8Array): void {
    const { ports, node } = this.kiosks[by]!;
    const claim: DisputeClaim = {
      ...{ kind: "invalidPayout", suspect: memberIndex(ACCUSED), sequence: sequence(this.settled().at) },
      ...{ opened: agreedMillis(node!.replica.state.time), digest: evidenceDigest(ports, evidence), evidence },
    };
    this.ask(by, { type: "dispute", claim: encode(DisputeClaim, claim).slice() });
  }
}

/** Of numbers that the accused has used. */
const FAR_AHEAD = 2 * WALL_MS;

/** So many chips more than it really was. */
const FALSE = encode(TableAnswer, { type: "moved", staked: 1 as never, returned: 999 as never }).slice();

const outcomes = (of: Jurors): string[] =>
  of.kiosks.flatMap(({ told }) =>
    toldOf(told, "executed").flatMap(({ done }) =>
      done.flatMap(({ result }) => {
        const answer = decode(TableAnswer, result);
        return answer.ok && answer.value.type === "decided" ? [`${answer.value.outcome} by ${answer.value.by}`] : [];
      }),
    ),
  );

test("a settlement that a kiosk has falsified is contested by whom it was told, and decided by the kiosks of the table, each from its own log [P12] [P13]", async () => {
  const of = new Jurors(4, "stand-in", { checkpointEvery: 10 });
  await of.seated();
  expect(await of.ended(await of.locked())).toBe(true);
  of.kiosks[0]!.listener!.onPacket(1, of.envelope(FALSE));
  expect(await of.run(30_000, () => outcomes(of).length >= 4)).toBe(true);
  expect(outcomes(of)).toEqual(new Array(4).fill("upheld by quorum"));
  const { disputeWon, disputeLost } = POINTS;
  for (const at of [0, 1, 2, 3]) {
    expect([of.points(at, 0), of.points(at, ACCUSED)]).toEqual([POINTS_START + disputeWon, POINTS_START + disputeLost]);
  }
});

test("whoever contests what was settled as the log says loses by it, and what the suspect has not signed decides nothing [P12] [P13] [P15]", async () => {
  const of = new Jurors(4, "stand-in", { checkpointEvery: 10 });
  await of.seated();
  expect(await of.ended(await of.locked())).toBe(true);
  of.contests(3, of.envelope(of.settled().result));
  expect(await of.run(30_000, () => outcomes(of).length >= 4)).toBe(true);
  expect(outcomes(of)).toEqual(new Array(4).fill("rejected by quorum"));
  expect([of.points(0, 3), of.points(0, ACCUSED)]).toEqual([POINTS_START + POINTS.falseAccusation, POINTS_START]);
  // False, and out of the mouth of whoever contests it.
  of.contests(3, of.envelope(FALSE, 3));
  expect(await of.run(30_000, () => outcomes(of).length >= 8)).toBe(true);
  expect(outcomes(of).filter((each) => each === "undecided by quorum").length).toBe(4);
  expect(of.points(0, ACCUSED)).toBe(POINTS_START);
});
