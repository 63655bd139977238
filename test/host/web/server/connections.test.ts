import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import * as limits from "../../../../host/web/server/limits.ts";
import { closeRigs, rig } from "./rig.ts";

afterEach(closeRigs);

describe("connections", () => {
  test("the 257th is refused with a reason, ten thousand do no harm, and who leaves makes room", async () => {
    const { server, ask, watch, kiosk } = await rig();
    const { until } = await watch();
    const open: Socket[] = [];
    for (let i = 1; i < limits.SOCKETS_MAX; i++) open.push(await opened(server.port));
    const refusal = await said(server.port, "GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    expect(refusal).toContain("503");
    expect(refusal).toContain("too many connections");
    for (let thousand = 0; thousand < 10; thousand++) {
      const many: Socket[] = [];
      for (let i = 0; i < 1000; i++) many.push(connect(server.port, "127.0.0.1").on("error", () => {}));
      await new Promise(setImmediate);
      for (const socket of many) socket.destroy();
    }
    // Whoever was in before is served as before.
    kiosk.change({ consensus: { ...kiosk.view.consensus, sequence: 500 } });
    await until((frame) => frame.type === "changes" && frame.parts.consensus?.sequence === 500);
    for (const socket of open) socket.destroy();
    const deadline = Date.now() + 10_000;
    let status = 0;
    while (status !== 200 && Date.now() < deadline)
      status = await ask("/health").then(
        (r) => r.status,
        () => 0,
      );
    expect(status).toBe(200);
  });

  test("who is slow with a request's head, or its body, is shown out", async () => {
    const patience = { ...limits.PATIENCE, headMs: 200, requestMs: 300, lookMs: 50 };
    const { server, ask } = await rig({ patience });
    const [head, body] = await Promise.all([
      said(server.port, "GET /health HTTP/1.1\r\nhost: 12"),
      said(
        server.port,
        `POST /api/order HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{`,
      ),
    ]);
    for (const text of [head, body]) expect(text === "" || text.includes(" 4")).toBe(true);
    expect((await ask("/health")).status).toBe(200);
  });

  test("what is no HTTP, and a head without end, is refused", async () => {
    const { server, ask } = await rig();
    expect(await said(server.port, "\u0016\u0003\u0001 no HTTP\r\n\r\n")).toContain("405");
    expect(await said(server.port, `GET / HTTP/1.1\r\nx: ${"y".repeat(limits.HEAD_SIZE_MAX)}\r\n\r\n`)).toContain(
      "413",
    );
    expect((await ask("/health")).status).toBe(200);
  });
});

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // A kept connection: it asks once and stays.
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(`GET /api/live HTTP/1.1\r\nhost: 127.0.0.1:${port}${UPGRADE}`);
    });
    socket.once("data", () => resolve(socket));
    socket.once("error", reject);
  });
}

const UPGRADE =
  "\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

/** All that comes until the other side closes. */
function said(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let all = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => {
      all += chunk;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(all));
  });
}
