import { afterEach, describe, expect, test } from "vitest";
import { verifyRoll } from "../../../../host/engine/dice/verify-roll.ts";
import { verifierPorts } from "../../../../host/node/dice-ports.ts";
import { parseRollFile } from "../../../../host/node/roll-file.ts";
import { Actions } from "../../../../host/web/contract/actions.ts";
import { Answer, REFUSALS } from "../../../../host/web/contract/answers.ts";
import { ViewNow } from "../../../../host/web/contract/frames.ts";
import { RollProof } from "../../../../host/web/contract/roll-proof.ts";
import { statusOf } from "../../../../host/web/server/replies.ts";
import { ROUTES } from "../../../../host/web/server/routes.ts";
import { ProvedDice } from "../page/proved-dice.ts";
import { fakeKiosk } from "./fake-kiosk.ts";
import { closeRigs, rig } from "./rig.ts";

afterEach(closeRigs);

const PROOF: RollProof = {
  ...{ rollProof: 1, table: "00".repeat(16), epoch: 0, members: ["11".repeat(32)], proof: "2233", quorum: null },
};

describe("the interfaces of a kiosk", () => {
  test("the whole view is told, and what is an operator's is not", async () => {
    const { ask } = await rig();
    const { status, json } = await ask("/api/view");
    const { revision, view } = ViewNow.parse(json());
    expect([status, revision]).toEqual([200, 1]);
    expect(view.craps?.state.shooter).toBe(0);
    expect(view.operator).toBeNull();
    expect(view.members.map(({ reputation }) => reputation)).toEqual([null, null, null, null]);
  });

  test("a bet is asked for, judged by the game and answered", async () => {
    const { ask, kiosk } = await rig();
    const done = await ask("/api/order", { method: "POST", body: { type: "bet", code: 0, chips: 25 } });
    expect([done.status, done.json()]).toEqual([200, { ok: true, revision: 2, words: "" }]);
    expect((await ask("/api/view")).json().view.craps.state.seats[0][0]).toMatchObject({ code: 0, stake: 25 });
    const refused = await ask("/api/order", { method: "POST", body: { type: "bet", code: 4, chips: 25 } });
    expect(refused.status).toBe(409);
    expect(refused.json()).toEqual({
      ...{ ok: false, why: "only with a point", words: "Only while the puck is on.", next: null },
    });
    expect(kiosk.orders.length).toBe(2);
  });

  test("what a seat may do is told with the reasons", async () => {
    const { ask } = await rig();
    const actions = Actions.parse((await ask("/api/actions?seat=0")).json());
    expect(actions.bets.find(({ name }) => name === "pass-odds")?.whyNot).toBe("only with a point");
    expect((await ask("/api/actions?seat=1")).status).toBe(404);
  });

  test("the proof of a roll is a file that anybody verifies, and one that was altered anywhere is found out [K07]", async () => {
    const { ask, kiosk } = await rig();
    const dice = new ProvedDice();
    dice.lockFor(() => true);
    const { file, first, second } = dice.throw();
    kiosk.proof = { ...file, quorum: null };
    const found = await ask("/api/rolls/7");
    expect(found.headers["content-disposition"]).toContain("roll-7.json");
    expect(RollProof.parse(found.json())).toEqual(kiosk.proof);
    const parsed = parseRollFile(found.text);
    if (!parsed.ok) throw new Error(parsed.why);
    const verdict = verifyRoll(verifierPorts, parsed.keys, parsed.proof);
    expect(verdict).toMatchObject({ ok: true, dice: [first, second] });
    for (let at = 0; at < parsed.proof.length; at += 7) {
      const altered = parsed.proof.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(verifyRoll(verifierPorts, parsed.keys, altered).ok, `byte ${at}`).toBe(false);
    }
  });

  test("a roll that nobody knows is refused", async () => {
    const { ask } = await rig();
    expect((await ask("/api/rolls/8")).json().why).toBe("no such roll");
    for (const path of ["/api/rolls/-1", "/api/rolls/x", "/api/rolls/", "/api/rolls/1e3"]) {
      expect((await ask(path)).json().why).toBe("no such page");
    }
  });

  test("several kiosks are shown by one address", async () => {
    const [first, second] = [fakeKiosk(), fakeKiosk()];
    second.change({ kiosk: { ...second.view.kiosk, name: "kiosk 2" } });
    const kiosks = [first, second].map(({ port }, i) => ({ name: `kiosk ${i + 1}`, port }));
    const { ask } = await rig({ kiosks });
    expect((await ask("/api/kiosks")).json()).toEqual([
      { kiosk: 0, name: "kiosk 1" },
      { kiosk: 1, name: "kiosk 2" },
    ]);
    expect((await ask("/api/view?kiosk=1")).json().view.kiosk.name).toBe("kiosk 2");
    expect((await ask("/api/view?kiosk=2")).json().why).toBe("no such kiosk");
    await ask("/api/order?kiosk=1", { method: "POST", body: { type: "sit" } });
    expect([first.orders, second.orders]).toEqual([[], [{ type: "sit" }]]);
  });

  test("healthy and ready are two answers, part by part", async () => {
    const { ask, kiosk } = await rig();
    expect((await ask("/health")).status).toBe(200);
    expect((await ask("/ready")).status).toBe(200);
    kiosk.health = { ...kiosk.health, isReady: false, awaits: "two more kiosks" };
    expect((await ask("/health")).status).toBe(200);
    const unready = await ask("/ready");
    expect([unready.status, unready.json().awaits]).toEqual([503, "two more kiosks"]);
    const radios = { component: "radios", state: "failed", words: "none answers" } as const;
    kiosk.health = { ...kiosk.health, state: "failed", components: [radios] };
    const ill = await ask("/health");
    expect([ill.status, ill.json().components]).toEqual([503, [radios]]);
  });

  test("the published description names every address, and every answer is as it says", async () => {
    const { ask, kiosk } = await rig({ everybodyOperates: true });
    kiosk.proof = PROOF;
    const { json } = await ask("/openapi.json");
    const { openapi, paths } = json();
    expect(openapi).toBe("3.1.0");
    for (const [name, { method, path, answers, body }] of ROUTES) {
      expect(paths[path][method.toLowerCase()].operationId).toBe(name);
      if (body !== undefined) continue;
      const reply = await ask(path.replace("{roll}", "7"), { method });
      const schema = answers[reply.status];
      expect(schema, `${name} answers ${reply.status}`).toBeDefined();
      if (schema !== "text") expect(() => schema.parse(reply.json()), name).not.toThrow();
    }
    expect(JSON.stringify(json()["x-websocket"])).toContain("changes");
  });

  test("what is nowhere, and what is asked in another way, is refused with a reason", async () => {
    const { ask } = await rig();
    for (const [path, method, status, why] of [
      ["/", "GET", 404, "no such page"],
      ["/api", "GET", 404, "no such page"],
      ["/api/view", "POST", 405, "no such way"],
      ["/api/order", "GET", 405, "no such way"],
      ["/metrics", "DELETE", 405, "no such way"],
    ] as const) {
      const reply = await ask(path, { method });
      expect([path, reply.status, Answer.parse(reply.json()), reply.json().words]).toMatchObject([
        ...[path, status, { why }, REFUSALS[why]],
      ]);
    }
    for (const why of Object.keys(REFUSALS)) expect(statusOf(why)).toBeGreaterThanOrEqual(400);
  });

  test("an order that nobody answers in time, or that fails, is answered all the same", async () => {
    const { ask, kiosk } = await rig();
    kiosk.answer = () => Promise.reject(new Error("a fault of ours"));
    const reply = await ask("/api/order", { method: "POST", body: { type: "roll" } });
    expect([reply.status, reply.json().why]).toEqual([500, "failed"]);
    expect(reply.text).not.toContain("a fault of ours");
  });

  test("a busy port moves on, and says so", async () => {
    const first = await rig();
    const second = await rig({ port: first.server.port });
    expect(first.server.isMoved).toBe(false);
    expect(second.server.isMoved).toBe(true);
    expect(second.server.port).toBeGreaterThan(first.server.port);
    expect((await second.ask("/health")).status).toBe(200);
  });

  test("after it was closed nobody listens, and nothing is left open", async () => {
    const { ask, watch, server } = await rig();
    const { socket } = await watch();
    const closed = new Promise((resolve) => socket.on("close", resolve));
    await server.close();
    await closed;
    await expect(ask("/health")).rejects.toThrow();
  });

  test("chips have no price anywhere in the description", async () => {
    const { ask } = await rig();
    expect((await ask("/openapi.json")).text).not.toMatch(/price|purchase|withdraw|currency|payment/i);
  });
});
