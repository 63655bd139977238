import { describe, expect, test } from "vitest";
import { Request } from "../../../../protocol/agreement/request.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { utf8Encode } from "../../../../protocol/bytes/utf8.ts";
import { counter, memberIndex, sequence, view } from "../../../../protocol/core/units.ts";
import type { Message } from "../../../../protocol/message/kinds.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import { answer, answers, calm, done, get, hear, only, set, tell } from "./stories.ts";

type Reply = Extract<Message, { type: "reply" }>;

/** A kiosk that has asked and is told nothing but what the test says; and words of members about its request. */
function asking(n: number) {
  const of = calm(n);
  of.drop = () => true;
  submit(of, 3, get("k"));
  const [held] = of.kiosks[3].replica.pools[3].waiting;
  if (held === undefined) throw new Error("what was asked waits");
  const { request } = held.signed;
  const digest = of.kiosks[3].world.ports.digest("hardway request", encode(Request, request));
  const reply = (result: string, more: Partial<Reply> = {}): Reply => ({
    ...{ type: "reply", view: view(0), sequence: sequence(1), digest, client: memberIndex(3), seat: request.seat },
    ...{ number: request.number, result: utf8Encode(result), ...more },
  });
  const told = (): string[] => answers(of, 3).map(({ result }) => Buffer.from(result).toString());
  return { of, reply, told };
}

describe("a client believes", () => {
  test.each([4, 7, 10])("f + 1 equal replies, and nothing that f of %i say [B08]", (n) => {
    const { of, reply, told } = asking(n);
    const f = Math.floor((n - 1) / 3);
    const others = of.kiosks.map((_, index) => index).filter((index) => index !== 3);
    const liars = others.slice(0, f);
    for (const liar of liars) hear(of, 3, liar, reply("lie"));
    // As often as they like, and each with other words.
    for (const liar of liars) for (let again = 0; again < 5; again++) hear(of, 3, liar, reply("lie"));
    expect(told()).toEqual([]);
    const honest = others.slice(f);
    for (const index of honest.slice(0, f)) hear(of, 3, index, reply("truth"));
    expect(told()).toEqual([]);
    hear(of, 3, honest[f], reply("truth"));
    expect(told()).toEqual(["truth"]);
    for (const index of others) hear(of, 3, index, reply("truth"));
    for (const index of others) hear(of, 3, index, reply("lie"));
    expect(told()).toEqual(["truth"]);
  });

  test("no reply to another request, to another client, or to none that it waits for [B08]", () => {
    const { of, reply, told } = asking(4);
    for (const index of [0, 1, 2]) {
      hear(of, 3, index, reply("other request", { digest: new Uint8Array(32) }));
      hear(of, 3, index, reply("other client", { client: memberIndex(2) }));
      hear(of, 3, index, reply("other number", { number: counter(7) }));
    }
    expect(told()).toEqual([]);
  });

  test("no two words of one member for two members [B08]", () => {
    const { of, reply, told } = asking(4);
    hear(of, 3, 0, reply("a"));
    hear(of, 3, 0, reply("b"));
    hear(of, 3, 0, reply("a"));
    expect(told()).toEqual([]);
  });
});

test("what f + 1 members have answered is not said again, however long its execution takes here", () => {
  const { of, reply } = asking(4);
  let said = 0;
  of.drop = ({ from, said: words }) => {
    if (from === 3 && words?.type === "requests") said += 1;
    return true;
  };
  run(of, of.now + 2_000);
  expect(said).toBeGreaterThan(2);
  for (const index of [0, 1]) hear(of, 3, index, reply("truth"));
  said = 0;
  run(of, of.now + 5_000);
  expect(said).toBe(0);
});

/** The client hears no votes and no decisions: what it asked was executed without it. */
function leftOut(of: Rig): void {
  of.drop = ({ to, said }) => to === 3 && said !== undefined;
}

test("every member that has executed a request replies to whoever asks again, and one liar of four changes nothing [B08]", () => {
  const of = calm(4);
  leftOut(of);
  submit(of, 0, set("k", "here"));
  run(of, of.now + 20);
  submit(of, 3, get("k"));
  const hears = of.drop;
  of.drop = (sent) => {
    if (hears(sent)) return true;
    // The member whose reply comes first lies.
    if (sent.from !== 0 || sent.to !== 3 || sent.message?.type !== "reply") return false;
    Object.assign(sent.message, { result: utf8Encode("lie") });
    return false;
  };
  run(of, of.now + 200);
  const replies = of.log.filter(({ to, message }) => to === 3 && message?.type === "reply");
  expect([...new Set(replies.map(({ from }) => from))].sort()).toEqual([0, 1, 2]);
  expect(done(of, 3)).toEqual([]);
  expect(answers(of, 3).map(({ number, result }) => [number, answer(result)])).toEqual([[1, "here"]]);
  // Later it executes the same by itself, and does not answer its seat again.
  of.drop = () => false;
  run(of, of.now + 6_000);
  expect(done(of, 3)).toEqual(["0/1", "3/1"]);
  expect(answers(of, 3)).toHaveLength(1);
});

test("a reply is kept with the state: who came by a snapshot answers like who executed [B08]", () => {
  const of = calm(4, { checkpointEvery: 2 });
  of.kiosks[2].up = false;
  for (let turn = 0; turn < 80; turn++) {
    submit(of, 3, set("k", `${turn}`));
    run(of, of.now + 30);
  }
  of.kiosks[2].up = true;
  run(of, of.now + 3_000);
  expect(done(of, 2).length).toBeLessThan(80);
  const last = of.log.findLast(({ from, said }) => from === 3 && said?.type === "requests")?.said;
  if (last === undefined) throw new Error("a request is said");
  const replies = [0, 2].map((to) => only(tell(of, to, last), "send").map(({ message }) => message));
  expect(replies[0]).toHaveLength(1);
  expect(replies[1]).toEqual(replies[0]);
});
