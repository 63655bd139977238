import { describe, expect, test } from "vitest";
import type { Ports } from "../../../host/engine/ports.ts";
import { envelopeIn, withEnvelope } from "../../../host/liars/along-a-way.ts";
import { flood } from "../../../host/liars/flood.ts";
import { forgedPartial, forgedProof } from "../../../host/liars/forgeries.ts";
import type { LiarHand } from "../../../host/liars/hand.ts";
import { LIES, type Lie } from "../../../host/liars/lies.ts";
import { lying } from "../../../host/liars/lying.ts";
import { ownReveal, ownSaid } from "../../../host/liars/own-words.ts";
import { HopPacket, ROUTED_SIZE_MAX } from "../../../host/mesh/hop-packet.ts";
import type { CrapsRules } from "../../../host/node/craps-table.ts";
import type { Transport, TransportListener } from "../../../host/node/transport.ts";
import { CHEATS } from "../../../host/web/contract/cheats.ts";
import { CHEAT_WORDS } from "../../../host/web/page/operator/cheat-words.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { Said as SaidLayout } from "../../../protocol/agreement/said.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { chance } from "../../../protocol/core/chance.ts";
import { PEER_TAG_SIZE } from "../../../protocol/core/limits.ts";
import { CRITICAL } from "../../../protocol/core/packet-class.ts";
import { openSaid } from "../../../protocol/envelope/open-said.ts";
import { sealSaid } from "../../../protocol/envelope/seal-said.ts";
import { saidExamples } from "../../protocol/agreement/examples.ts";
import { EPOCH, MEMBERS, member, openFresh, sealBy, TABLE_ID } from "../../protocol/envelope/people.ts";
import { runTable } from "../../simulator/table/run.ts";

const ME = 2;
const PARTIAL = {
  ...({ type: "randomnessReveal", roll: 7 } as const),
  content: { type: "partial", point: new Uint8Array(32).fill(3), proof: new Uint8Array(64).fill(5) },
} as const;

/** A member whose state is what a lie looks at. */
function handOf(lie: Lie | undefined): LiarHand & { acts: number; readonly later: { ms: number; run: () => void }[] } {
  const replica = {
    ...{ me: ME, table: TABLE_ID, epoch: EPOCH, members: MEMBERS.map(({ key }) => key) },
    state: { table: { clients: MEMBERS.map(() => ({ executed: 5 })) } },
  };
  const later: { ms: number; run: () => void }[] = [];
  const hand = {
    ...{ lie, chance: chance(3), rules: {} as CrapsRules, say: undefined, voted: new Map(), later, acts: 0 },
    ports: { ...MEMBERS[ME]!.ports, room: new Writer(4_096) } as unknown as Ports,
    node: (() => ({ replica })) as unknown as LiarHand["node"],
    onAct() {
      hand.acts += 1;
    },
    after: (ms: number, run: () => void) => void later.push({ ms, run }),
  };
  return hand;
}

/** Links 1 and 2 are up; what goes out, and what becomes of it as the mesh is told. */
function wire(hand: LiarHand) {
  const sent: { link: number; packet: Uint8Array }[] = [];
  const settled: (readonly [token: number, outcome: string])[] = [];
  let below: TransportListener | undefined;
  const transport = lying((listener): Transport => {
    below = listener;
    return {
      send(link, _, packet, token) {
        sent.push({ link, packet });
        listener.onSettled(token, "sent");
      },
      ...{ drop() {}, close() {} },
    };
  }, hand)({ onUp() {}, onDown() {}, onPacket() {}, onSettled: (token, outcome) => settled.push([token, outcome]) });
  for (const link of [1, 2]) below!.onUp(link, MEMBERS[link - 1]!.key);
  const say = (packet: Uint8Array): void => {
    for (const link of [1, 2]) transport.send(link, CRITICAL, packet, 10 + link);
  };
  return { sent, settled, say, down: (link: number) => below!.onDown(link) };
}

const open = (said: Said): Uint8Array => sealSaid(said, { id: TABLE_ID, epoch: EPOCH }).bytes.slice();
const saidOf = (type: Said["type"]): Said => saidExamples.find(({ value }) => value.type === type)!.value;
const ballot = saidOf("ballot") as Extract<Said, { type: "ballot" }>;
const own = open({ ...ballot, ballot: { ...ballot.ballot, sender: ME as typeof ballot.ballot.sender } });
const others = open({ ...ballot, ballot: { ...ballot.ballot, sender: 1 as typeof ballot.ballot.sender } });
const partial = (of: number): Uint8Array => sealBy(PARTIAL, member(of, 40));

test("every attacker that a page offers is one that there is, with words of what it tries and what becomes of it", () => {
  const isEvery: [Lie, (typeof CHEATS)[number]] extends [(typeof CHEATS)[number], Lie] ? true : never = true;
  expect(isEvery).toBe(true);
  expect([...CHEATS].sort()).toEqual([...LIES].sort());
  for (const lie of LIES) {
    const { name, tries, becomes } = CHEAT_WORDS[lie];
    for (const words of [name, tries, becomes]) expect(words).toMatch(/\S \S/);
  }
});

test("a liar knows its own words from those that it passes on", () => {
  const hand = handOf("withholding");
  expect([ownSaid(hand, own)?.type, ownSaid(hand, others)]).toEqual(["ballot", undefined]);
  expect([ownReveal(hand, partial(ME))?.message, ownReveal(hand, partial(1))]).toEqual([PARTIAL, undefined]);
  for (const bytes of [new Uint8Array(), new Uint8Array(9).fill(0x41)]) {
    expect([ownSaid(hand, bytes), ownReveal(hand, bytes)]).toEqual([undefined, undefined]);
  }
});

describe("between its mesh and its links", () => {
  test("an honest kiosk's packets go as they are, and begin to lie only when it is told to", () => {
    const hand = handOf(undefined);
    const { sent, settled, say } = wire(hand);
    for (const packet of [own, others, partial(ME)]) say(packet);
    expect(sent.map(({ packet }) => packet)).toEqual([own, own, others, others, partial(ME), partial(ME)]);
    expect([hand.acts, settled.length]).toEqual([0, 6]);
    hand.lie = "withheldPartial";
    say(partial(ME));
    expect([hand.acts, sent.length]).toEqual([2, 6]);
  });

  test("one of two neighbours hears none of what it says itself, and nobody's mesh knows", () => {
    const hand = handOf("withholding");
    const { sent, settled, say } = wire(hand);
    say(own);
    say(others);
    const { link } = sent[0]!;
    expect(sent.map((each) => each.link)).toEqual([link, 1, 2]);
    for (const { run } of hand.later) run();
    expect(settled.map(([, outcome]) => outcome)).toEqual(["sent", "sent", "sent", "sent"]);
  });

  test("one of two neighbours hears nothing at all over it", () => {
    const { sent, say } = wire(handOf("selectiveSilence"));
    for (const packet of [own, others, partial(1)]) say(packet);
    expect(new Set(sent.map(({ link }) => link)).size).toBe(1);
    expect(sent).toHaveLength(3);
  });

  test("its part of the dice goes to nobody, and everybody else's goes on", () => {
    const { sent, say } = wire(handOf("withheldPartial"));
    say(partial(ME));
    say(partial(1));
    expect(sent.map(({ packet }) => packet)).toEqual([partial(1), partial(1)]);
  });

  test("what it says to one member, along a way that another stands in, is no truer", () => {
    const along = (envelope: Uint8Array, at = 0): Uint8Array =>
      encode(HopPacket, {
        type: "routed",
        at,
        way: [1, 2].map((of) => MEMBERS[of]!.key.subarray(0, PEER_TAG_SIZE)),
        envelope,
      }).slice();
    const withholds = wire(handOf("withholding"));
    for (const packet of [along(own), along(others)]) withholds.say(packet);
    expect(withholds.sent.map(({ packet }) => packet)).toEqual([along(own), along(others), along(others)]);

    const forges = wire(handOf("forgedPartial"));
    forges.say(along(partial(ME), 1));
    const { packet } = forges.sent[0]!;
    expect(packet).not.toEqual(along(partial(ME), 1));
    const hop = decode(HopPacket, packet);
    expect(hop).toMatchObject({ ok: true, value: { type: "routed", at: 1 } });
    expect(openFresh(envelopeIn(packet))).toMatchObject({ ok: true, message: { roll: 7 } });
    for (const each of [own, along(own)]) expect(envelopeIn(each)).toEqual(own);
    expect(withEnvelope(along(own), new Uint8Array(ROUTED_SIZE_MAX + 1))).toBeUndefined();
  });

  test("a leader holds its proposals back, and sends them where the link still is", () => {
    const hand = handOf("slowPrimary");
    const { sent, say, down } = wire(hand);
    const proposing = saidExamples.find(({ value }) => value.type === "ballot" && value.proposals !== undefined)!.value;
    const leading = { ...proposing, ballot: { ...(proposing as typeof ballot).ballot, sender: ME } } as Said;
    say(open(leading));
    say(own);
    expect(sent.map(({ packet }) => packet)).toEqual([own, own]);
    down(2);
    for (const { ms, run } of hand.later) {
      expect(ms).toBeGreaterThan(1_000);
      run();
    }
    expect(sent.slice(2)).toEqual([{ link: 1, packet: open(leading) }]);
  });

  test("a proof that nobody asked for goes to every neighbour now and then, with a signature that nobody made", () => {
    const { certificate } = saidOf("certificate") as Extract<Said, { type: "certificate" }>;
    const hand = handOf("forgedCertificates");
    Object.assign(hand.node()!.replica, { decision: { certificate } });
    const { sent, say } = wire(hand);
    for (let count = 0; hand.acts === 0; count++) {
      expect(count).toBeLessThan(1_000);
      say(others);
    }
    const forged = sent.filter(({ packet }) => packet !== others);
    expect(forged.map(({ link }) => link)).toEqual([1, 2]);
    const opened = openSaid(forged[0]!.packet, { tables: [{ id: TABLE_ID, epoch: EPOCH }] });
    expect(opened).toMatchObject({ ok: true, said: { type: "certificate" } });
    expect(opened).not.toMatchObject({ said: { certificate } });
  });

  test("what it floods goes to every neighbour, signed, and the mesh is told of none of it", () => {
    const hand = handOf("flooding");
    const { sent, settled } = wire(hand);
    while (sent.length === 0) flood(hand);
    const opened = openSaid(sent[0]!.packet, { tables: [{ id: TABLE_ID, epoch: EPOCH }] });
    const said = opened.ok && opened.said.type === "requests" ? opened.said.requests[0]! : undefined;
    expect(said).toMatchObject({ sender: ME, request: { number: 5 + 64 } });
    expect(sent.filter(({ link }) => link === 1)).toHaveLength(sent.length / 2);
    expect(settled).toEqual([]);
  });
});

test("a forged part of the dice is in an envelope that the liar has signed, with the number of the true one", () => {
  const hand = handOf("forgedPartial");
  const forged = forgedPartial(hand, partial(ME))!;
  const [was, is] = [openFresh(partial(ME)), openFresh(forged)];
  expect(is).toMatchObject({ ok: true, from: { sender: ME, counter: 40 } });
  if (!was.ok || !is.ok) throw new Error("both are signed");
  expect(is.message).not.toEqual(was.message);
  expect(is.message).toMatchObject({ roll: 7, content: { point: PARTIAL.content.point } });
  expect(forgedPartial(hand, partial(1))).toBeUndefined();
});

test("a forged proof differs in one signature's bit, and nothing but proofs is forged", () => {
  const hand = handOf("forgedCertificates");
  for (const type of ["certificate", "checkpoint"] as const) {
    const opened = openSaid(forgedProof(hand, open(saidOf(type)))!, { tables: [{ id: TABLE_ID, epoch: EPOCH }] });
    const [was, is] = [
      encode(SaidLayout, saidOf(type)).slice(),
      opened.ok ? encode(SaidLayout, opened.said).slice() : [],
    ];
    const others = [...was].flatMap((byte, at) => (byte === is[at] ? [] : [byte ^ is[at]!]));
    expect(others).toHaveLength(1);
    expect(Math.log2(others[0]!) % 1).toBe(0);
  }
  expect(forgedProof(hand, own)).toBeUndefined();
});

/** What the simulator's own plans do not draw. */
test.each(["withheldPartial", "forgedPartial"] as const)(
  "beside a kiosk that lies by %s the dice fall and nobody loses anything; it keeps its seat, for nobody can prove it",
  async (kind) => {
    const outcome = await runTable(7, {
      ...{ n: 4, playMs: 6_000, liars: [{ kiosk: 1, kind }], mishaps: [] },
      without: ["burstyAir", "wireNoise"],
    });
    expect(outcome.violation).toBeUndefined();
    expect([outcome.rolls > 0, outcome.epochs]).toEqual([true, 0]);
    expect(outcome.attackers[kind]).toBeGreaterThan(0);
  },
  60_000,
);
