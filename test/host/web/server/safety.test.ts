import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import * as limits from "../../../../host/web/server/limits.ts";
import { closeRigs, type Headers, type Reply, rig } from "./rig.ts";

afterEach(closeRigs);

const BET = Object.freeze({ type: "bet", code: 0, chips: 5 });
const why = ({ status, json }: Reply) => [status, json().why];

describe("whose page asks", () => {
  test.each([
    [{ host: "evil.example" }, "other host"],
    [{ host: "evil.example:1" }, "other host"],
    [{ origin: "http://evil.example" }, "other site"],
    [{ origin: "null" }, "other site"],
    [{ origin: "http://127.0.0.1:1" }, "other site"],
    [{ "sec-fetch-site": "cross-site" }, "other site"],
    [{ "sec-fetch-site": "same-site" }, "other site"],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }, "other site"],
  ] as const)("%j is refused, and the game does not hear of it", async (headers, reason) => {
    const { ask, watch, kiosk } = await rig();
    const reply = await ask("/api/order", { method: "POST", body: BET, headers: headers as Headers });
    expect(why(reply)).toEqual([403, reason]);
    await expect(watch({ headers: headers as Headers })).rejects.toThrow(reason);
    expect(kiosk.orders).toEqual([]);
  });

  test("this kiosk's own page is answered, by each of its names", async () => {
    const { ask, server } = await rig();
    for (const name of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"]) {
      const headers = { host: `${name}:${server.port}`, origin: `http://${name}:${server.port}` };
      const reply = await ask("/api/order", { method: "POST", body: BET, headers });
      expect(reply.status, name).toBe(200);
    }
  });

  test("a link from elsewhere opens the page, and no interface", async () => {
    const { ask } = await rig();
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect(why(await ask("/nowhere", { headers }))).toEqual([404, "no such page"]);
    expect(why(await ask("/api/view", { headers }))).toEqual([403, "other site"]);
  });

  test("a form of another site cannot order: what it may send without being asked is no JSON", async () => {
    const { ask, kiosk } = await rig();
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const headers = { "content-type": type };
      expect(why(await ask("/api/order", { method: "POST", body: BET, headers }))).toEqual([400, "not JSON"]);
    }
    expect(kiosk.orders).toEqual([]);
  });
});

describe("what is asked", () => {
  test.each(["", "{", '{"type":"sit"', "null", "[]", '"sit"', "\u0000", '{"type":"sit"}{"type":"sit"}', "NaN"])(
    "malformed: %j",
    async (body) => {
      const { ask, kiosk } = await rig();
      const reply = await ask("/api/order", { method: "POST", body, headers: { "content-type": "application/json" } });
      expect(reply.status).toBe(400);
      expect(["not JSON", "not an order"]).toContain(reply.json().why);
      expect(kiosk.orders).toEqual([]);
    },
  );

  test("an order with a field too many, or a wrong one, says which", async () => {
    const { ask } = await rig();
    const reply = await ask("/api/order", { method: "POST", body: { ...BET, chips: "5" } });
    expect([...why(reply), reply.json().next]).toEqual([400, "not an order", 'Look at "chips".']);
    const more = await ask("/api/order", { method: "POST", body: { ...BET, __proto__: null, price: 3 } });
    expect(why(more)).toEqual([400, "not an order"]);
  });

  test("ten megabytes are refused before they have come, however their length is told", async () => {
    const { server, ask } = await rig();
    const size = 10_485_760;
    for (const length of [`content-length: ${size}`, "transfer-encoding: chunked"]) {
      const { text, sent } = await pour(server.port, length, size);
      expect(text).toContain("413");
      expect(text).toContain("too long");
      expect(sent).toBeLessThan(size / 2);
    }
    expect((await ask("/health")).status).toBe(200);
  });

  test("who asks before it sends is refused before it has sent anything", async () => {
    const { server } = await rig();
    const head = "content-length: 10485760\r\nexpect: 100-continue";
    const { text, sent } = await pour(server.port, head, 0);
    expect(text).toContain("HTTP/1.1 413");
    expect(sent).toBeLessThan(300);
  });

  test("a body of the longest size is read, and one byte more is not", async () => {
    const { ask } = await rig();
    const order = JSON.stringify(BET);
    const of = (size: number) => `${order}${" ".repeat(size - order.length)}`;
    const post = (body: string) => ask("/api/order", { method: "POST", body });
    expect((await post(of(limits.BODY_SIZE_MAX))).status).toBe(200);
    expect(why(await post(of(limits.BODY_SIZE_MAX + 1)))).toEqual([413, "too long"]);
  });

  test("who orders too fast is told so", async () => {
    const { ask, kiosk } = await rig();
    const replies: number[] = [];
    for (let i = 0; i < limits.ORDERS_BURST_MAX + 20; i++) {
      replies.push((await ask("/api/order", { method: "POST", body: { type: "roll" } })).status);
    }
    expect(replies.slice(0, limits.ORDERS_BURST_MAX)).toEqual(replies.slice(0, limits.ORDERS_BURST_MAX).map(() => 200));
    expect(replies).toContain(429);
    expect(kiosk.orders.length).toBeLessThan(replies.length);
  });
});

/** Writes as long as it is let, and tells how much that was. */
function pour(port: number, length: string, size: number): Promise<{ readonly text: string; readonly sent: number }> {
  return new Promise((resolve) => {
    let text = "";
    const isChunked = length.includes("chunked");
    const chunk = Buffer.alloc(65_536, 0x20);
    const framed = isChunked ? Buffer.concat([Buffer.from("10000\r\n"), chunk, Buffer.from("\r\n")]) : chunk;
    const socket = connect(port, "127.0.0.1", () => {
      const head = `POST /api/order HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
      socket.write(head);
      const more = (): void => {
        while (written < size && text === "" && !socket.destroyed) {
          written += chunk.length;
          if (!socket.write(framed)) return void socket.once("drain", more);
        }
      };
      more();
    });
    let written = 0;
    socket.on("data", (come) => {
      text += come;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve({ text, sent: socket.bytesWritten }));
  });
}
