import { afterEach, describe, expect, test } from "vitest";
import { cookieName } from "../../../../host/web/server/cookies.ts";
import * as limits from "../../../../host/web/server/limits.ts";
import { pinRecord } from "../../../../host/web/server/pin.ts";
import { closeRigs, type Headers, type Reply, rig } from "./rig.ts";

afterEach(closeRigs);

const PIN = "271828";
const why = ({ status, json }: Reply) => [status, json().why];

describe("an operator", () => {
  const PAUSE = { type: "pause", ms: 1000 };
  const given = async ({ ask }: Awaited<ReturnType<typeof rig>>, pin: unknown = PIN) =>
    ask("/api/session", { method: "POST", body: { pin } });
  const cookieIn = ({ headers }: Reply): string => `${headers["set-cookie"]?.[0]}`;

  test("wants the PIN, which opens a session that no script reads and no other site uses", async () => {
    const of = await rig({ pin: await pinRecord(PIN) });
    const order = (headers: Headers = {}) => of.ask("/api/order", { method: "POST", body: PAUSE, headers });
    expect(why(await order())).toEqual([401, "PIN wanted"]);
    expect(why(await of.ask("/api/settings"))).toEqual([401, "PIN wanted"]);
    const begun = await given(of);
    expect(begun.json()).toMatchObject({ isOperator: true, hasPin: true });
    expect(cookieIn(begun)).toMatch(/^hardway-\d+=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/);
    const headers = { cookie: cookieIn(begun).split(";")[0] };
    expect((await order(headers)).status).toBe(200);
    expect((await of.ask("/api/settings", { headers })).status).toBe(200);
    expect((await of.ask("/api/view", { headers })).json().view.operator).not.toBeNull();
    expect((await of.ask("/api/view")).json().view.operator).toBeNull();
    expect(of.kiosk.orders).toEqual([PAUSE]);
  });

  test("a session that was recorded is nobody's after its operator left", async () => {
    const of = await rig({ pin: await pinRecord(PIN) });
    const headers = { cookie: cookieIn(await given(of)).split(";")[0] };
    const watcher = await of.watch({ headers });
    await watcher.until((frame) => frame.type === "view" && frame.view.operator !== null);
    const ended = await of.ask("/api/session", { method: "DELETE", headers });
    expect(cookieIn(ended)).toContain("Max-Age=0");
    const again = await of.ask("/api/order", { method: "POST", body: PAUSE, headers });
    expect(why(again)).toEqual([401, "PIN wanted"]);
    // The page that is still open sees no more than a player does.
    of.kiosk.change({ consensus: { ...of.kiosk.view.consensus, sequence: 121 } });
    await watcher.until((frame) => frame.type === "changes" && frame.parts.operator === null);
    watcher.socket.send(JSON.stringify({ type: "order", id: 9, order: PAUSE }));
    const answer = await watcher.until((frame) => frame.type === "answer" && frame.id === 9);
    expect(answer).toMatchObject({ answer: { ok: false, why: "PIN wanted" } });
    expect(of.kiosk.orders).toEqual([]);
  });

  test("a session ends by itself when nothing is done, and some time after it began", async () => {
    let now = 1000;
    const clock = { nowMs: () => now, wallMs: () => now };
    const of = await rig({ pin: await pinRecord(PIN), clock });
    const headers = { cookie: cookieIn(await given(of)).split(";")[0] };
    const isOperator = async () => (await of.ask("/api/session", { headers })).json().isOperator;
    const order = () => of.ask("/api/order", { method: "POST", body: PAUSE, headers });
    now += limits.SESSION_IDLE_MAX_MS - 1;
    expect((await order()).status).toBe(200);
    now += limits.SESSION_IDLE_MAX_MS - 1;
    expect(await isOperator()).toBe(true);
    now += 1;
    expect(await isOperator()).toBe(false);
    expect(why(await order())).toEqual([401, "PIN wanted"]);
  });

  test("wrong PINs are refused, and soon nobody is asked for one for a while", async () => {
    let now = 1000;
    const of = await rig({ pin: await pinRecord(PIN), clock: { nowMs: () => now, wallMs: () => now } });
    const words: unknown[] = [];
    for (let i = 0; i < limits.PIN_TRIES_FREE + 1; i++) words.push((await given(of, `27182${i}`)).json().why);
    expect(words).toEqual([...words.slice(1).map(() => "wrong PIN"), "PIN locked"]);
    // The right one is not heard either, or trying would go on.
    expect(why(await given(of))).toEqual([429, "PIN locked"]);
    now += limits.PIN_WAIT_FIRST_MS;
    expect((await given(of)).status).toBe(200);
    for (const pin of ["", "x".repeat(100), 271828, null]) expect((await given(of, pin)).status).toBeGreaterThan(399);
  });

  test("is nobody where no PIN is set, and everybody at a demonstration", async () => {
    const none = await rig();
    expect(why(await none.ask("/api/order", { method: "POST", body: PAUSE }))).toEqual([403, "no PIN"]);
    expect(why(await given(none))).toEqual([403, "no PIN"]);
    const all = await rig({ everybodyOperates: true });
    expect((await all.ask("/api/order", { method: "POST", body: PAUSE })).status).toBe(200);
  });

  test("two kiosks of one machine do not take each other's cookies", async () => {
    expect(cookieName(8080)).not.toBe(cookieName(8081));
    const pin = await pinRecord(PIN);
    const [one, other] = [await rig({ pin }), await rig({ pin })];
    const headers = { cookie: cookieIn(await given(one)).split(";")[0] };
    expect((await other.ask("/api/session", { headers })).json().isOperator).toBe(false);
  });

  test("nobody listens for the house without a PIN", async () => {
    await expect(rig({ host: "0.0.0.0" })).rejects.toThrow("there is no PIN");
  });
});
