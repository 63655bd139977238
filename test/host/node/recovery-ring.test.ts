import { expect, test } from "vitest";
import { BLE } from "../../../host/engine/timing/profiles.ts";
import { HopPacket, isHopPacket } from "../../../host/mesh/hop-packet.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { type Chance, chance, draw } from "../../../protocol/core/chance.ts";
import { Envelope } from "../../../protocol/envelope/envelope.ts";
import { kindOf } from "../../../protocol/message/kinds.ts";
import { Neighbours, type Packet } from "./neighbours.ts";

/** Each near the two beside it alone. */
class Ring extends Neighbours {
  protected override isNear(at: number, other: number): boolean {
    const away = Math.abs(at - other);
    return away === 1 || away === this.kiosks.length - 1;
  }
}

/** What no packing makes much shorter. */
const noiseOf = (letters: Chance): string =>
  Array.from({ length: 250 }, () => String.fromCharCode(33 + Math.floor(draw(letters) * 90))).join("");

const isKind = (envelope: Uint8Array | undefined, tag: number): boolean => {
  const decoded = envelope === undefined ? undefined : decode(Envelope, envelope);
  return decoded?.ok === true && "kind" in decoded.value && decoded.value.kind === tag;
};

/** Chunks are the only long words of this kind. */
const isChunk = ({ envelope }: Packet): boolean =>
  envelope !== undefined && envelope.length > 1_000 && isKind(envelope, kindOf("stateSync").tag);

const wayOf = (bytes: Uint8Array): number => {
  const decoded = isHopPacket(bytes) ? decode(HopPacket, bytes) : undefined;
  return decoded?.ok && decoded.value.type === "routed" ? decoded.value.way.length : 0;
};

const executed = (of: Ring): (number | undefined)[] => of.kiosks.map(({ node }) => node?.replica.executed);

/** Five in a ring, of which one is away while some hundreds of long values are set; then it starts again. */
async function comesBack(loss: number) {
  const of = new Ring(5, { profile: BLE });
  const letters = chance(3);
  await of.startAll();
  await of.run(20_000, () => of.kiosks.every(({ node }) => node?.replica.probing === undefined));
  await of.kill(2);
  for (let round = 0; round < 16; round++) {
    for (let i = 0; i < 16; i++) of.submit(0, `key ${16 * round + i}`, noiseOf(letters));
    const asked = of.now;
    await of.run(10_000, () => of.kiosks[0]!.node!.replica.pools[0]!.waiting.length === 0 && of.now > asked);
    for (let i = 0; i < 4; i++) {
      of.submit(1, "tick", `${round} ${i}`);
      await of.run(1_000);
    }
  }
  const ahead = of.kiosks[0]!.node!.replica.executed;
  const chunks = { alongWays: 0, size: 0 };
  const luck = chance(7);
  const startedAt = of.now;
  of.carry = (packet) => {
    if (isChunk(packet)) {
      if (wayOf(packet.bytes) > 0) chunks.alongWays += 1;
      if (packet.to === 2) chunks.size += packet.bytes.length;
    }
    return draw(luck) >= loss;
  };
  const node = await of.start(2);
  const isThere = await of.run(60_000, () => node.replica.executed >= ahead && node.standing()?.step === "whole");
  return { of, ahead, chunks, isThere, tookMs: of.now - startedAt };
}

test("a kiosk of a ring that was away gets the state in chunks along ways, within 30 s at 5 % loss [D09 D11]", async () => {
  const { of, ahead, chunks, isThere, tookMs } = await comesBack(0.05);
  expect([isThere, ahead > 60]).toEqual([true, true]);
  expect(tookMs).toBeLessThan(30_000);
  expect(chunks.size).toBeGreaterThan(32 * 1024);
  expect(chunks.alongWays).toBeGreaterThan(2);
  await of.run(5_000);
  const states = of.kiosks.map(({ node }) => node?.replica.state.machine);
  for (const state of states) expect(state).toEqual(states[0]);
  expect(executed(of)).toEqual(executed(of).map(() => executed(of)[0]));
});
