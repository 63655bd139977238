/** A radio behind a socket: a virtual one, or a real one that another program serves. It has no rate of its own. */
import { createConnection, type Socket } from "node:net";
import { type Clock, realClock } from "../../hardware/virtual/fronts/clock.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Device, deviceText } from "./device-url.ts";
import { CONNECT_WITHIN_MS, SOCKET_ROOM } from "./limits.ts";
import type { OpenedPort, OpenPort, PortListener } from "./port.ts";
import { portProblem } from "./port-problem.ts";
import { readWindow } from "./read-window.ts";

export const socketPorts =
  (clock: Clock = realClock): OpenPort =>
  (device, _, listener) =>
    new Promise((resolve) => {
      assert(device.type === "tcp" || device.type === "unix", "a socket's device");
      const socket = device.type === "tcp" ? createConnection(device.port, device.host) : createConnection(device.path);
      const fail = (text: string): void => {
        cancel();
        socket.destroy();
        resolve({ ok: false, problem: problemOf(device, text) });
      };
      const cancel = clock.after(CONNECT_WITHIN_MS, () => fail("ETIMEDOUT: it does not answer"));
      const onError = (error: Error): void => fail(error.message);
      socket.once("error", onError);
      socket.once("connect", () => {
        cancel();
        socket.off("error", onError);
        resolve(connected(socket, listener, clock));
      });
    });

function connected(socket: Socket, listener: PortListener, clock: Clock): OpenedPort {
  let isOver = false;
  const over = (why: string): void => {
    if (isOver) return;
    isOver = true;
    window.stop();
    socket.destroy();
    listener.onClosed(why);
  };
  const window = readWindow(socket, clock);
  socket.setNoDelay(true);
  socket.on("data", (bytes: Uint8Array) => {
    window.took(bytes.length);
    listener.onBytes(bytes);
  });
  socket.on("drain", () => listener.onRoom(SOCKET_ROOM));
  socket.on("error", (error) => over(error.message));
  socket.on("close", () => over("the other end hung up"));
  // Whoever opens learns of the port before its room.
  queueMicrotask(() => isOver || listener.onRoom(SOCKET_ROOM));
  return {
    ok: true,
    port: {
      baudMax: undefined,
      write(bytes) {
        if (isOver) return;
        if (socket.write(bytes)) queueMicrotask(() => isOver || listener.onRoom(SOCKET_ROOM));
      },
      setBaud() {},
      close() {
        isOver = true;
        window.stop();
        socket.destroy();
      },
    },
  };
}

function problemOf(device: Device, text: string) {
  const nothing = { others: [], holders: [], group: undefined, user: "this user" };
  const problem = portProblem(deviceText(device), text, nothing);
  if (problem.kind !== "missing" || !text.includes("ENOENT")) return problem;
  return { ...problem, next: "Start what serves the radio there, as `hardway virtual` does, or correct the path." };
}
