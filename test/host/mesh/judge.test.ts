import { expect, test } from "vitest";
import type { MeshEffect } from "../../../host/mesh/events.ts";
import { type JudgePorts, judge, type Letter, nameOfKey } from "../../../host/mesh/judge.ts";
import { step } from "../../../host/mesh/mesh.ts";
import { mesh } from "../../../host/mesh/state.ts";
import type { SignedRequest } from "../../../protocol/agreement/request.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { counter, memberIndex, millis } from "../../../protocol/core/units.ts";
import type { OpenContext } from "../../../protocol/envelope/open.ts";
import { seal } from "../../../protocol/envelope/seal.ts";
import { sealSaid } from "../../../protocol/envelope/seal-said.ts";
import { strangerReplay } from "../../../protocol/envelope/stranger-replay.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { EPOCH, hashing, MEMBERS, NOW, STRANGER, TABLE_ID, table, verifying } from "../../protocol/envelope/people.ts";

const BEAT: Message = {
  type: "heartbeat",
  time: NOW,
  view: 1 as never,
  executed: { sequence: 7 as never, digest: new Uint8Array(32) },
  power: "active",
  batteryPercent: undefined,
  peers: [],
};

const context = (): OpenContext => ({ tables: [table()], strangers: strangerReplay(), now: NOW });

const verifySaid: JudgePorts["verifySaid"] = (said) => {
  if (said.type !== "requests") return "unknown";
  return said.requests.every(({ signature }) => signature[0] === 1) ? "holds" : "forged";
};
/** Copies, since the keyed verifier counts on its own `this`. */
const ports = (): JudgePorts & { readonly checks: () => number } => {
  const keys = verifying();
  return { ...hashing, verifySaid, verify: (...of) => keys.verify(...of), checks: () => keys.checks };
};

const fromMember = (at: number, number: number, message: Message = BEAT): Uint8Array =>
  seal(
    message,
    { type: "member", table: TABLE_ID, epoch: EPOCH, sender: memberIndex(at), counter: counter(number) },
    MEMBERS[at].ports,
  ).bytes;

const request = (first: number): SignedRequest => ({
  sender: memberIndex(2),
  signature: new Uint8Array(64).fill(first),
  request: { seat: 0, number: counter(5), operation: Uint8Array.of(1, 2, 3) },
});

const openly = (said: Said, repeat = 0): Uint8Array => sealSaid(said, { id: TABLE_ID, epoch: EPOCH }, { repeat }).bytes;

test("a sealed heartbeat is its signer's, by its own name, whatever hops it has left", () => {
  const bytes = fromMember(1, 9);
  const fewer = bytes.slice();
  fewer[1] -= 3;
  const [first, second] = [bytes, fewer].map((each) => judge(each, context(), ports()));
  expect(first).toMatchObject({ ok: true, isCertain: true, origin: nameOfKey(MEMBERS[1].key), isMember: true });
  expect(first.ok && first.heartbeat?.time).toBe(NOW);
  expect(first.ok && second.ok && first.digest).toEqual(second.ok && second.digest);
  const stranger = seal(
    BEAT,
    { type: "stranger", key: STRANGER.key, time: NOW, counter: counter(1), table: undefined },
    STRANGER.ports,
    { hops: 3 },
  ).bytes;
  expect(judge(stranger, context(), ports())).toMatchObject({ isMember: false, origin: nameOfKey(STRANGER.key) });
});

test("what is said openly is known by its words and its repeat, certain only where its signatures can be checked", () => {
  const of = (said: Said, repeat = 0) => judge(openly(said, repeat), context(), ports());
  const honest = of({ type: "requests", requests: [request(1)] });
  expect(honest).toMatchObject({ ok: true, isCertain: true, isRepeat: false, origin: nameOfKey(MEMBERS[2].key) });
  expect(of({ type: "requests", requests: [request(2)] })).toEqual({
    ok: false,
    verdict: "reject",
    why: "bad signature",
  });
  const again = of({ type: "requests", requests: [request(1)] }, 1);
  expect(again).toMatchObject({ ok: true, isRepeat: true });
  expect(honest.ok && again.ok && honest.digest).not.toEqual(again.ok && again.digest);
  const ballot: Said = {
    type: "ballot",
    ballot: {
      ...{ sender: memberIndex(3), signature: new Uint8Array(64), view: 1 as never },
      ...{ proposed: undefined, prepared: undefined, committed: undefined, checkpoint: undefined },
    },
    hint: new Uint8Array(4),
    proposals: undefined,
  };
  expect(of(ballot)).toMatchObject({ ok: true, isCertain: false, origin: undefined });
});

test("a forged counter does not suppress the honest message, and what came before is not verified again [O06]", () => {
  const state = mesh(nameOfKey(MEMBERS[0].key), millis(0), 1);
  const opens = context();
  const asked = ports();
  const meshPorts = { hash: hashing.hash, judge: (bytes: Uint8Array) => judge(bytes, opens, asked) };
  const effects: MeshEffect<Letter>[] = [];
  const [liar, honest] = [MEMBERS[3], MEMBERS[1]].map(({ key }) => nameOfKey(key));
  for (const [link, peer] of [liar, honest].entries()) {
    step(state, { type: "linkUp", at: millis(1), link, peer, isStranger: false }, meshPorts, effects);
  }
  const bytes = fromMember(1, 9);
  const forged = bytes.slice();
  forged[12] ^= 1;
  const delivered = (): number => effects.filter(({ type }) => type === "deliver").length;
  const bring = (link: number, packet: Uint8Array): void =>
    step(state, { type: "received", at: state.now, link, packet }, meshPorts, effects);
  bring(0, forged);
  expect(delivered()).toBe(0);
  bring(1, bytes);
  expect(delivered()).toBe(1);
  const checks = asked.checks();
  bring(0, bytes);
  expect([delivered(), asked.checks()]).toEqual([1, checks]);
  expect(state.neighbours.get(liar)?.refused).toEqual({ "bad signature": 1 });
  expect(state.neighbours.get(honest)?.refused).toEqual({});
});
