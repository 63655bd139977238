import { expect, test } from "vitest";
import { SignedRequest } from "../../protocol/agreement/request.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { chance } from "../../protocol/core/chance.ts";
import { SIGNATURE_SIZE } from "../../protocol/core/limits.ts";
import { counter, epoch, memberIndex } from "../../protocol/core/units.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import { LINKS, ONE_SIZE, SMALL_SIZE, shareOf } from "./bytes.ts";
import { type CostCase, costOf } from "./bytes-cost.ts";
import { bodySizeMaxOf, viewChangeCost } from "./bytes-view-change.ts";
import { load, operation, PLAIN, runSequences, TUNED } from "./consensus-load.ts";
import { mesh, TABLE_ID } from "./consensus-mesh.ts";
import { tare, total } from "./consensus-scale.ts";

const FOUR = { memberCount: 4, ...LINKS, intervals: 2 } as const;
const ONE_A_BATCH = { ...TUNED, batchLengthMax: 1 };

/** Ours by the plain one's. */
function ratio(options: CostCase["options"], rest: Omit<CostCase, "options">): number {
  return costOf({ ...rest, options }).all.bytes / costOf({ ...rest, options: PLAIN }).all.bytes;
}

test("a request of the load takes exactly the bytes that the benchmark says, whatever its number", () => {
  for (const size of [SMALL_SIZE, ONE_SIZE, 300]) {
    for (const number of [1, 127, 128, 16_383, 16_384, 3_000_000]) {
      const request = { seat: 0, number: counter(number), operation: operation(chance(number), number, size) };
      const signed = { sender: memberIndex(3), signature: new Uint8Array(SIGNATURE_SIZE), request };
      expect(encode(SignedRequest, signed).length).toBe(size);
    }
  }
});

test("the scale weighs each envelope once for each link, and once as a broadcast", () => {
  const table = mesh({ memberCount: 4, options: PLAIN, delayMs: 20 });
  const self = load(table, ONE_SIZE, 4);
  const answer = table.onEffect;
  const seen = { messages: 0, bytes: 0, broadcasts: 0, broadcastBytes: 0 };
  tare(table.scale);
  table.onEffect = (seat, effect) => {
    answer(seat, effect);
    if (effect.type !== "say") return;
    const copies = effect.to === "all" ? 3 : 1;
    const size = sealSaid(effect.said, { id: TABLE_ID, epoch: epoch(0) }).bytes.length;
    seen.messages += copies;
    seen.bytes += copies * size;
    seen.broadcasts += 1;
    seen.broadcastBytes += size;
  };
  runSequences(table, self, 60);
  expect(seen.messages).toBeGreaterThan(60 * 24);
  expect(total(table.scale)).toEqual(seen);
});

test("under load a mesh of four says half of what it says without bundles and fast path, or less", () => {
  const rest = { ...FOUR, signedSize: ONE_SIZE, underWay: shareOf(4) };
  expect(ratio(ONE_A_BATCH, rest)).toBeLessThanOrEqual(0.5);
  expect(ratio(PLAIN, rest)).toBe(1);
});

test("with one member silent it still says less", () => {
  const rest = { ...FOUR, signedSize: ONE_SIZE, underWay: shareOf(3), silent: 3 };
  expect(ratio(ONE_A_BATCH, rest)).toBeLessThanOrEqual(0.85);
});

test("fifty operations a batch cost each a seventh at most", () => {
  const rest = { ...FOUR, signedSize: SMALL_SIZE, underWay: 64 };
  expect(ratio(TUNED, rest)).toBeLessThanOrEqual(0.15);
});

test("as broadcasts an operation costs a fifth more than itself and the signatures of a quorum, or less", () => {
  const rest = { ...FOUR, signedSize: ONE_SIZE, underWay: shareOf(4) };
  const floor = ONE_SIZE + 3 * SIGNATURE_SIZE;
  expect(costOf({ ...rest, options: ONE_A_BATCH }).all.broadcastBytes).toBeLessThanOrEqual(1.2 * floor);
});

test("a wish for a view of ten members with eight open slots is no longer than six kilobytes, in a bad air too", () => {
  const common = { memberCount: 10, ...LINKS, signedSize: ONE_SIZE, underWay: shareOf(10) };
  const cost = viewChangeCost({ ...common, sequences: 60, laterMs: 10 });
  expect(cost.openSlots).toBe(8);
  expect(Math.max(cost.bodySizeMax, bodySizeMaxOf(common, 2))).toBeLessThanOrEqual(6_144);
  expect(cost.bodySizeMax).toBeGreaterThan(1_000);
});
