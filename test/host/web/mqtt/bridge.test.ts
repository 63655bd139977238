import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type MqttBridge, type MqttOptions, startMqtt } from "../../../../host/web/mqtt/bridge.ts";
import { connectBroker } from "../../../../host/web/mqtt/broker.ts";
import { brokerOn, notRun } from "../../../../host/web/mqtt/not-run.ts";
import { fakeKiosk } from "../server/fake-kiosk.ts";
import { type Heard, type House, house } from "./broker-rig.ts";

const SILENT = Object.freeze({ error() {}, warn() {}, info() {}, debug() {}, tells: () => false });
const AT = "hardway/kiosk-1";

const PROGRAM = brokerOn(process.env["PATH"]);

test("where no broker is there to try, the gate says so", () => {
  expect(notRun(process.env).length).toBe(PROGRAM === undefined ? 1 : 0);
  expect(notRun({ PATH: "" }).length).toBe(brokerOn("") === undefined ? 1 : 0);
});

describe.each(PROGRAM === undefined ? [] : [PROGRAM])("on a broker (%s)", (program) => {
  let here: House;
  const bridges: MqttBridge[] = [];
  beforeEach(async () => {
    here = await house(program);
  });
  afterEach(async () => {
    for (const bridge of bridges.splice(0)) await bridge.close();
    await here.close();
  });

  const start = (options: Partial<MqttOptions> = {}) => {
    const kiosk = fakeKiosk();
    const bridge = startMqtt({
      ...{ url: here.url, base: "hardway", id: "kiosk-1", name: "Kiosk 1", version: "0.1.0", port: kiosk.port },
      ...{ commands: "nobody", discovery: undefined, log: SILENT, reconnectAfterMs: 50 },
      ...options,
    });
    bridges.push(bridge);
    return { kiosk, bridge };
  };
  const says = (topic: string, text: string) => (heard: Heard) => heard.topic === topic && heard.text === text;
  const stateOf = (is: (state: Record<string, unknown>) => boolean) => (heard: Heard) =>
    heard.topic === `${AT}/state` && is(JSON.parse(heard.text));
  const answerTo = async (id: number) => {
    const heard = await here.until(
      ({ topic, text }) => topic === `${AT}/answer` && (JSON.parse(text) as { id: unknown }).id === id,
    );
    return JSON.parse(heard.text).answer;
  };

  test("a kiosk tells its birth and what it shows, for whoever comes later too", async () => {
    start();
    await here.until(says(`${AT}/status`, "online"));
    await here.until(stateOf(({ state, players, total }) => state === "playing" && players === 4 && total === 7));
    const kept: Heard[] = [];
    await new Promise<void>((resolve) => {
      const client = connectBroker({
        ...{ url: here.url, clientId: "late", reconnectAfterMs: 50, onMissed() {} },
        onConnect: () => client.subscribe(`${AT}/#`),
        onMessage(topic, bytes, isKept) {
          kept.push({ topic, text: `${Buffer.from(bytes)}`, isKept });
          if (kept.length === 2) void client.close().then(resolve);
        },
      });
    });
    expect(kept.map(({ topic, isKept }) => [topic, isKept]).sort()).toEqual([
      [`${AT}/state`, true],
      [`${AT}/status`, true],
    ]);
  });

  test("it says when it goes", async () => {
    const { bridge } = start();
    await here.until(says(`${AT}/status`, "online"));
    await bridge.close();
    await here.until(says(`${AT}/status`, "offline"));
  });

  test("the broker says so when it is gone without a word", async () => {
    start();
    await here.until(says(`${AT}/status`, "online"));
    // Whoever comes by its name takes its place, as if its cable were cut.
    const other = connectBroker({
      ...{ url: here.url, clientId: "hardway-kiosk-1", reconnectAfterMs: 10_000 },
      ...{ onConnect() {}, onMessage() {}, onMissed() {} },
    });
    await here.until(says(`${AT}/status`, "offline"));
    await other.close();
  });

  test("what changes fast is told slowly, and always the newest", async () => {
    const { kiosk } = start();
    await here.until(stateOf(() => true));
    for (let sequence = 1000; sequence < 3000; sequence++) {
      kiosk.change({ consensus: { ...kiosk.view.consensus, sequence } });
      if (sequence % 20 === 0) await here.say("elsewhere", "the loop turned");
    }
    await here.until(stateOf(({ sequence }) => sequence === 2999));
    expect(here.everything.filter(({ topic }) => topic === `${AT}/state`).length).toBeLessThan(8);
  });

  test("players' orders are obeyed and answered where they are taken, an operator's are not", async () => {
    const { kiosk } = start({ commands: "players" });
    await here.until(says(`${AT}/status`, "online"));
    await here.until(stateOf(() => true));
    const order = (id: number, order: unknown) => here.say(`${AT}/command`, JSON.stringify({ id, order }));
    await order(1, { type: "bet", code: 0, chips: 5 });
    expect(await answerTo(1)).toMatchObject({ ok: true });
    await order(2, { type: "bet", code: 4, chips: 5 });
    expect(await answerTo(2)).toMatchObject({ ok: false, why: "only with a point" });
    await order(3, { type: "pause", ms: 10 });
    expect(await answerTo(3)).toMatchObject({ ok: false, why: "PIN wanted" });
    await order(4, { type: "buy" });
    expect(await answerTo(4)).toMatchObject({ ok: false, why: "not an order" });
    expect(kiosk.orders.map(({ type }) => type)).toEqual(["bet", "bet"]);
  });

  test("nobody's are, unless somebody said so", async () => {
    const { kiosk } = start();
    await here.until(stateOf(() => true));
    await here.say(`${AT}/command`, JSON.stringify({ id: 1, order: { type: "sit" } }));
    kiosk.change({ consensus: { ...kiosk.view.consensus, sequence: 9 } });
    await here.until(stateOf(({ sequence }) => sequence === 9));
    expect(kiosk.orders).toEqual([]);
    expect(here.everything.filter(({ topic }) => topic === `${AT}/answer`)).toEqual([]);
  });

  test("a command that the broker kept is not obeyed, what is none is answered so", async () => {
    await here.say(`${AT}/command`, JSON.stringify({ id: 1, order: { type: "roll" } }), true);
    const { kiosk } = start({ commands: "operators" });
    await here.until(stateOf(() => true));
    const wrong = ["{", "[]", "null", '{"order":1,"more":2}', `"${"x".repeat(20_000)}"`];
    for (const text of wrong) await here.say(`${AT}/command`, text);
    await here.say(`${AT}/command`, JSON.stringify({ id: 2, order: { type: "pause", ms: 5 } }));
    expect(await answerTo(2)).toMatchObject({ ok: true });
    expect(kiosk.orders).toEqual([{ type: "pause", ms: 5 }]);
    const answers = here.everything.filter(({ topic }) => topic === `${AT}/answer`);
    expect(answers.map(({ text }) => JSON.parse(text).answer.why)).toEqual([
      ...["not JSON", "not an order", "not an order", "not an order", "too long", undefined],
    ]);
  });

  test("whoever gives orders at a broker pairs no kiosks: nobody there sees both screens", async () => {
    const { kiosk } = start({ commands: "operators" });
    await here.until(stateOf(() => true));
    for (const step of ["begin", "same"]) {
      await here.say(`${AT}/command`, JSON.stringify({ id: 3, order: { type: "pair", step } }));
    }
    expect(await answerTo(3)).toMatchObject({ ok: false, why: "not now", next: "At the kiosk alone." });
    expect(kiosk.orders).toEqual([]);
  });

  test("Home Assistant finds it with its values and its buttons, and again when it begins anew", async () => {
    start({ commands: "operators", discovery: "homeassistant" });
    const last = "homeassistant/button/hardway-kiosk-1/backup/config";
    await here.until(({ topic }) => topic === last);
    const { text } = await here.until(stateOf(() => true));
    const configs = here.everything.filter(({ topic }) => topic.startsWith("homeassistant/"));
    expect(configs.length).toBe(16);
    const ids = new Set<string>();
    for (const { topic, text: config } of configs) {
      expect(topic).toMatch(/^homeassistant\/(?:sensor|binary_sensor|button)\/hardway-kiosk-1\/[\w-]+\/config$/);
      const message = JSON.parse(config);
      ids.add(message.unique_id);
      expect(message).toMatchObject({ availability_topic: `${AT}/status`, device: { name: "Kiosk 1" } });
      if (message.state_topic !== undefined) {
        expect(message.state_topic).toBe(`${AT}/state`);
        const value = /value_json\.(\w+)/.exec(message.value_template)?.[1] ?? "";
        expect(JSON.parse(text)).toHaveProperty(value);
      } else {
        expect(message.command_topic).toBe(`${AT}/command`);
        expect(JSON.parse(message.payload_press).order.type).toMatch(/^(?:pause|backup)$/);
      }
    }
    expect(ids.size).toBe(16);
    const problem = configs.find(({ topic }) => topic.endsWith("/hasProblem/config"))?.text ?? "";
    expect(JSON.parse(problem)).toMatchObject({
      ...{ device_class: "problem", value_template: "{{ 'ON' if value_json.hasProblem else 'OFF' }}" },
    });
    here.everything.splice(0);
    await here.say("homeassistant/status", "online");
    await here.until(({ topic }) => topic === last);
  });

  test("a press of its button does what it says", async () => {
    const { kiosk } = start({ commands: "operators", discovery: "homeassistant" });
    const { text } = await here.until(({ topic }) => topic.endsWith("/go-on/config"));
    const { command_topic, payload_press } = JSON.parse(text);
    await here.say(command_topic, payload_press);
    await here.until(({ topic }) => topic === `${AT}/answer`);
    expect(kiosk.orders).toEqual([{ type: "pause", ms: 0 }]);
  });

  test("a broker that goes and comes back is told everything again", async () => {
    start({ discovery: "homeassistant" });
    await here.until(stateOf(() => true));
    await here.stopBroker();
    here.everything.splice(0);
    await here.startBroker();
    await here.until(says(`${AT}/status`, "online"));
    await here.until(stateOf(({ sequence }) => sequence === 120));
    await here.until(({ topic }) => topic.endsWith("/sequence/config"));
  });
});

test("a broker that nobody finds is looked for again and again, and is told of once", async () => {
  let attempts = 0;
  const third = deferred();
  const server = createServer((socket) => {
    socket.destroy();
    attempts += 1;
    if (attempts === 3) third.resolve();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const told: string[] = [];
  const bridge = startMqtt({
    ...{ url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`, base: "hardway", id: "kiosk-1" },
    ...{ name: "", version: "", port: fakeKiosk().port, commands: "nobody", discovery: undefined },
    ...{ log: { ...SILENT, warn: (what: string) => void told.push(what) }, reconnectAfterMs: 5 },
  });
  await third.promise;
  await bridge.close();
  server.close();
  expect(told).toEqual(["the broker is not there: it is tried again"]);
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
