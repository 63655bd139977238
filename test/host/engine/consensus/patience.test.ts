import { describe, expect, test } from "vitest";
import { TableOperation } from "../../../../host/engine/consensus/table.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { memberIndex, millis } from "../../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../../protocol/message/fields.ts";
import { Message } from "../../../../protocol/message/kinds.ts";
import { feed, run, submit } from "../../../simulator/rig.ts";
import { answers, calm, entered, set, watch } from "./stories.ts";

describe("patience", () => {
  test("is with the first of each client's line: a primary that serves a long line in turn is not left for its length", () => {
    const of = calm(4, { batchLengthMax: 2, window: 1 });
    of.delayMs = 20;
    for (let count = 0; count < 30; count++) {
      for (let who = 0; who < 4; who++) submit(of, who, set(`k${who}`, `${count}`));
    }
    const start = of.now;
    run(of, of.now + 30_000, () => answers(of, 3).length === 30);
    // The last of them waited longer than anybody is patient with one.
    expect([of.now - start > 2_000, entered(of, 1)]).toEqual([true, []]);
  });

  test("ends for a client that is left out while others are served without end", () => {
    const of = calm(4, { batchLengthMax: 2 });
    of.delayMs = 20;
    // The primary hears nothing of what 3 wants, from whomever.
    of.drop = ({ to, said }) =>
      to === 0 && said?.type === "requests" && said.requests.some(({ sender }) => sender === 3);
    submit(of, 3, set("k3", "v"));
    for (let count = 0; count < 100; count++) for (const who of [0, 1, 2]) submit(of, who, set(`k${who}`, `${count}`));
    run(of, of.now + 30_000, () => answers(of, 3).length === 1);
    expect(entered(of, 1)).toEqual([1]);
  });

  test("with a term that only some have accepted takes nobody out of reach: all meet in the next view", () => {
    const of = calm(7);
    for (const who of [1, 2]) {
      const { leadership } = of.kiosks[who].replica;
      for (let from = 0; from < 7; from++) leadership.accepts[from] = { term: 6, leader: memberIndex(6) };
    }
    of.kiosks[0].up = false;
    submit(of, 3, set("k", "v"));
    run(of, of.now + 2_000, () => answers(of, 3).length === 1);
    expect(of.kiosks.slice(1).map(({ replica }) => replica.view)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test("costs little while it lasts: what is wished again is no reason to ask again", () => {
    const of = calm(4);
    of.kiosks[0].up = false;
    of.kiosks[1].up = false;
    submit(of, 2, set("k", "v"));
    run(of, of.now + 10_000);
    expect(of.kiosks[2].replica.phase).toBe("changing");
    const said = watch(of);
    run(of, of.now + 60_000);
    // Each of the two asks with doubled pauses, and says its wish and requests with that.
    expect(said.length / 60).toBeLessThan(40);
  });

  test("with a kiosk's own request is answered like one of a seat's, by words that fit their layout", () => {
    const of = calm(4);
    const said = watch(of);
    const operation = encode(TableOperation, {
      type: "approve",
      change: { type: "admit", key: new Uint8Array(32).fill(9) },
    });
    feed(of, 1, { type: "submit", at: millis(of.now), seat: KIOSK_SEAT, operation });
    run(of, of.now + 500);
    // Asked once more, when everyone has executed it.
    const again = said.find(({ said: words }) => words?.type === "requests");
    feed(of, 2, { type: "said", at: of.kiosks[2].replica.now, said: again!.said! });
    run(of, of.now + 100);
    const replies = said.flatMap(({ message }) => (message?.type === "reply" ? [message] : []));
    expect(replies.map(({ seat }) => seat)).toContain(KIOSK_SEAT);
    for (const reply of replies) expect(encode(Message, reply).length).toBeGreaterThan(0);
  });

  test("is enough where each vote is said alone: whoever lost one of them is told that one again, not the last", () => {
    const of = calm(4, { bundles: false, fastPath: false });
    // Nothing is committed in the first view; and the next primary's own word for what it proposes again is lost as it was first said.
    of.drop = ({ said }) => {
      if (said?.type !== "ballot") return false;
      const { view, sender, proposed, committed } = said.ballot;
      if (view === 0) return committed !== undefined;
      return sender === 1 && proposed !== undefined && proposed.history === undefined && committed === undefined;
    };
    submit(of, 2, set("k", "v"));
    run(of, of.now + 30);
    of.kiosks[0].up = false;
    run(of, of.now + 3_000, () => of.kiosks.slice(1).every(({ replica }) => replica.executed === 1));
    expect(of.kiosks.slice(1).map(({ replica }) => [replica.executed, replica.view])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });
});
