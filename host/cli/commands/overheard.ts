/** A driver's ports, with an ear on them: what crosses, and what happens to the port, as lines of a trace. */

import { type Clock, realClock } from "../../../hardware/virtual/fronts/clock.ts";
import type { TraceLine } from "../../../hardware/virtual/trace/trace.ts";
import { openPorts } from "../../radio/open-port.ts";
import type { OpenPort } from "../../radio/port.ts";

export function overheardPorts(onLine: (line: TraceLine) => void, clock: Clock = realClock): OpenPort {
  const began = clock.now();
  const ports = openPorts(clock);
  const note = (words: string): void => onLine({ type: "note", atMs: clock.now() - began, words });
  const heard = (direction: "down" | "up", bytes: Uint8Array): void =>
    onLine({ type: "bytes", atMs: clock.now() - began, direction, bytes: bytes.slice() });
  return async (device, options, listener) => {
    const opened = await ports(device, options, {
      ...listener,
      onBytes(bytes) {
        heard("up", bytes);
        listener.onBytes(bytes);
      },
      onClosed(why) {
        note(`closed: ${why}`);
        listener.onClosed(why);
      },
    });
    if (!opened.ok) {
      note(opened.problem.message);
      return opened;
    }
    const { port } = opened;
    note(`opened${port.baudMax === undefined ? "" : ` at ${options.baud} baud`}`);
    const tapped = {
      baudMax: port.baudMax,
      write(bytes: Uint8Array) {
        heard("down", bytes);
        port.write(bytes);
      },
      setBaud(baud: number) {
        note(`${baud} baud`);
        port.setBaud(baud);
      },
      close() {
        note("closed");
        port.close();
      },
    };
    return { ok: true, port: tapped };
  };
}
