import { afterEach, describe, expect, test } from "vitest";
import { CONTRACT_VERSION, type Frame } from "../../../../host/web/contract/frames.ts";
import { PAGE_BEHIND_SIZE_MAX, PAGE_FAULTS_MAX, PATIENCE } from "../../../../host/web/server/limits.ts";
import { pinRecord } from "../../../../host/web/server/pin.ts";
import { fakeKiosk } from "./fake-kiosk.ts";
import { closeRigs, type Rig, rig } from "./rig.ts";

afterEach(closeRigs);

const sequence = (of: Rig, to: number): void =>
  of.kiosk.change({ consensus: { ...of.kiosk.view.consensus, sequence: to } });

const showsSequence = (to: number) => (frame: Frame) =>
  frame.type === "changes" && frame.parts.consensus?.sequence === to;

describe("a page that is shown every change", () => {
  test("is told the whole view first, then what has changed and nothing else", async () => {
    const of = await rig();
    const { frames, until } = await of.watch();
    const first = await until(({ type }) => type === "view");
    expect(first).toMatchObject({ contract: CONTRACT_VERSION, revision: 1, view: { operator: null, alerts: [] } });
    sequence(of, 121);
    const changed = await until(showsSequence(121));
    expect(changed.type === "changes" && Object.keys(changed.parts)).toEqual(["consensus"]);
    expect(changed).toMatchObject({ revision: 2 });
    expect(frames.length).toBe(2);
  });

  test("is told nothing of what it is not shown", async () => {
    const of = await rig({ pin: await pinRecord("271828") });
    const begun = await of.ask("/api/session", { method: "POST", body: { pin: "271828" } });
    const cookie = `${begun.headers["set-cookie"]?.[0]}`.split(";")[0];
    const [operator, player] = [await of.watch({ headers: { cookie } }), await of.watch()];
    for (let backups = 1; backups <= 3; backups++) {
      const each = { name: `backup ${backups}`, at: backups, sizeBytes: 1, why: "asked" };
      of.kiosk.change({ operator: { ...of.kiosk.view.operator!, backups: [each] } });
      await operator.until((frame) => frame.type === "changes" && frame.parts.operator?.backups[0]?.at === backups);
    }
    sequence(of, 400);
    await player.until(showsSequence(400));
    expect(player.frames.map(({ type }) => type)).toEqual(["view", "changes"]);
    expect(JSON.stringify(player.frames)).not.toContain("backup");
  });

  test("is told what changes fast in few frames, and always the newest", async () => {
    const of = await rig();
    const { frames, until } = await of.watch();
    await until(({ type }) => type === "view");
    for (let to = 200; to < 1200; to++) sequence(of, to);
    await until(showsSequence(1199));
    expect(frames.length).toBeLessThan(5);
  });

  test("orders over the same way, and knows its answers by its own numbers", async () => {
    const of = await rig();
    const { socket, until } = await of.watch();
    const order = (id: number, order: unknown) => socket.send(JSON.stringify({ type: "order", id, order }));
    order(41, { type: "bet", code: 0, chips: 5 });
    order(42, { type: "bet", code: 4, chips: 5 });
    order(43, { type: "buy", chips: 5 });
    order(44, { type: "pause", ms: 1 });
    const answer = async (wanted: number) => {
      const frame = await until((each) => each.type === "answer" && each.id === wanted);
      return frame.type === "answer" ? frame.answer : undefined;
    };
    expect(await answer(41)).toEqual({ ok: true, revision: 2, words: "" });
    expect(await answer(42)).toMatchObject({ ok: false, why: "only with a point" });
    expect(await answer(43)).toMatchObject({ ok: false, why: "not an order" });
    expect(await answer(44)).toMatchObject({ ok: false, why: "no PIN" });
    await until((frame) => frame.type === "changes" && frame.parts.craps?.state.seats[0][0]?.stake === 5);
  });

  test("that says what is no order is told so a few times, and then shown out", async () => {
    const of = await rig();
    const { socket, frames } = await of.watch();
    const closed = new Promise<number>((resolve) => socket.on("close", resolve));
    for (const text of ["{", "null", '"x"', '{"type":"order"}', "[]"]) socket.send(text);
    for (let i = 0; i < PAGE_FAULTS_MAX; i++) socket.send(Buffer.from([i]));
    expect(await closed).toBe(1008);
    expect(frames.filter(({ type }) => type === "answer").length).toBe(PAGE_FAULTS_MAX);
    expect(of.kiosk.orders).toEqual([]);
  });

  test("that says too much at once is shown out, and the others go on", async () => {
    const of = await rig();
    const [one, other] = [await of.watch(), await of.watch()];
    const closed = new Promise<number>((resolve) => one.socket.on("close", resolve));
    one.socket.send("x".repeat(20_000));
    expect(await closed).toBe(1009);
    sequence(of, 300);
    await other.until(showsSequence(300));
  });

  test("that reads slowly is sent the newest when it reads again, and nothing piles up for it", async () => {
    const of = await rig();
    const [slow, quick] = [await of.watch(), await of.watch()];
    await slow.until(({ type }) => type === "view");
    slow.socket.pause();
    const words = "w".repeat(390);
    const behind = (to: number): void => {
      const evidence = Array.from({ length: 64 }, (_, i) => ({
        ...{
          digest: "00",
          kind: "doubleVote",
          accused: 2,
          accusedName: "kiosk 3",
          hasLostSeat: false,
          accuser: 0,
          sequence: to,
          at: i,
          verdict: "shown" as const,
        },
        ...{ slashed: 0, words, bytes: "ab".repeat(16_384) },
      }));
      of.kiosk.change({ trust: { evidence, upheld: to, dismissed: 0 } });
    };
    const shows = (to: number) => (frame: Frame) => frame.type === "changes" && frame.parts.trust?.upheld === to;
    const times = 20;
    for (let to = 1; to <= times; to++) {
      behind(to);
      await quick.until(shows(to));
    }
    slow.socket.resume();
    await slow.until(shows(times));
    expect(slow.frames.length).toBeLessThan(times);
    expect(64 * 32_768).toBeGreaterThan(PAGE_BEHIND_SIZE_MAX);
  });

  test("that is there no more is forgotten", async () => {
    const of = await rig({ patience: { ...PATIENCE, pageAskedMs: 50 } });
    const { socket } = await of.watch();
    const closed = new Promise((resolve) => socket.on("close", resolve));
    // It does not answer when it is asked whether it is there.
    socket.pong = () => {};
    await closed;
    expect((await of.ask("/metrics")).text).toContain("hardway_web_pages 0\n");
  });

  test("sees its own kiosk of several, and none that there is not", async () => {
    const [first, second] = [fakeKiosk(), fakeKiosk()];
    const of = await rig({ kiosks: [first, second].map(({ port }, i) => ({ name: `${i}`, port })) });
    const { until, frames } = await of.watch({ path: "/api/live?kiosk=1" });
    await until(({ type }) => type === "view");
    first.change({ consensus: { ...first.view.consensus, sequence: 7 } });
    second.change({ consensus: { ...second.view.consensus, sequence: 8 } });
    await until(showsSequence(8));
    expect(frames.length).toBe(2);
    await expect(of.watch({ path: "/api/live?kiosk=2" })).rejects.toThrow("no such page");
    await expect(of.watch({ path: "/api/other" })).rejects.toThrow("no such page");
  });
});
