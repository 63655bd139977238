/** A radio on a serial device: opened for this process alone, its control lines as the board wants them, and no hang-up of
 * the line when it is closed, which would reset some boards. */
import { userInfo } from "node:os";
import { SerialPort } from "serialport";
import type { LineLevel, LinePolicy } from "../../hardware/boards/board.ts";
import { noticeHangUp } from "../../hardware/machine/hang-up.ts";
import { type Clock, realClock } from "../../hardware/virtual/fronts/clock.ts";
import { assert } from "../../protocol/core/assert.ts";
import { UNKNOWN_BAUD_MAX } from "./bridges.ts";
import { discover, portNamed } from "./discovery.ts";
import { groupOf, holdersOf } from "./holders.ts";
import { pacer } from "./pacer.ts";
import type { OpenedPort, OpenPort, PortListener, PortProblem } from "./port.ts";
import { portProblem } from "./port-problem.ts";
import { readWindow } from "./read-window.ts";

export const serialPorts =
  (clock: Clock = realClock): OpenPort =>
  (device, { baud, line }, listener) =>
    new Promise((resolve) => {
      assert(device.type === "serial", "a serial device");
      const { path } = device;
      const port = new SerialPort({ path, baudRate: baud, autoOpen: false, lock: true, hupcl: false });
      port.open((error) => {
        if (error !== null && error !== undefined) {
          resolve({ ok: false, problem: problemOf(path, error.message) });
          return;
        }
        noticeHangUp(port);
        setLines(port, line, () => resolve(opened(port, path, baud, listener, clock)));
      });
    });

function opened(port: SerialPort, path: string, baud: number, listener: PortListener, clock: Clock): OpenedPort {
  let isOver = false;
  const pace = pacer(baud, clock, (room) => isOver || listener.onRoom(room));
  const window = readWindow(port, clock);
  const end = (): void => {
    isOver = true;
    pace.stop();
    window.stop();
  };
  const over = (why: string): void => {
    if (isOver) return;
    end();
    listener.onClosed(why);
    if (port.isOpen) port.close(ignored);
  };
  port.on("data", (bytes: Uint8Array) => {
    if (isOver) return;
    window.took(bytes.length);
    listener.onBytes(bytes);
  });
  const gone = (error?: Error | null): void => over(`the device is gone${reasonOf(error)}`);
  port.on("error", gone);
  port.on("close", gone);
  queueMicrotask(() => isOver || pace.tell());
  return {
    ok: true,
    port: {
      baudMax: baudMaxOf(path),
      write(bytes) {
        if (isOver) return;
        // The library keeps what it is given until it is written.
        port.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), (error) => {
          if (error !== null && error !== undefined) gone(error);
        });
        pace.wrote(bytes.length);
      },
      setBaud(next) {
        port.update({ baudRate: next }, (error) => {
          if (error !== null && error !== undefined) over(`its speed cannot be set to ${next} baud: ${error.message}`);
        });
        pace.setBaud(next);
      },
      close() {
        end();
        port.on("error", ignored);
        if (port.isOpen) port.close(ignored);
      },
    },
  };
}

/** A line that hangs up while it is waited for is called a bad descriptor by the library, which says nothing to people. */
function reasonOf(error: Error | null | undefined): string {
  if (!error?.message) return "";
  return ` (${/bad file descriptor/i.test(error.message) ? "it was hung up" : error.message})`;
}

/** Both at once: an auto-reset circuit takes one alone for an order. A pseudo-terminal and a header have no such lines. */
function setLines(port: SerialPort, line: LinePolicy, done: () => void): void {
  const levels = { ...level("dtr", line.dtr), ...level("rts", line.rts) };
  if (Object.keys(levels).length === 0) done();
  else port.set(levels, () => done());
}

const level = (name: "dtr" | "rts", to: LineLevel): { [name: string]: boolean } =>
  to === "unconnected" ? {} : { [name]: to === "high" };

function baudMaxOf(path: string): number {
  const found = portNamed(path, discover());
  return found?.bridge?.baudMax ?? UNKNOWN_BAUD_MAX;
}

function problemOf(path: string, text: string): PortProblem {
  return portProblem(path, text, {
    others: discover().map((each) => each.path),
    holders: holdersOf(path),
    group: groupOf(path),
    user: userInfo().username,
  });
}

const ignored = (): void => {};
