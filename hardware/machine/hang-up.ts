/**
 * What the library lacks of a serial line's end: a line that was hung up is read as one that is gone.
 *
 * A read of such a line ends at once with no bytes, and the library then reads again, for ever: a program that was reading
 * while the cable was pulled, rather than waiting for bytes, would never hear of it.
 */
import { read } from "node:fs";
import { promisify } from "node:util";
import type { SerialPort } from "serialport";

type Line = NonNullable<SerialPort["port"]>;
/** Where a line is a descriptor; Windows answers a read of what is gone with an error. */
type DescribedLine = Extract<Line, { fd: unknown; poller: unknown }>;

const AGAIN: readonly (string | undefined)[] = ["EAGAIN", "EWOULDBLOCK", "EINTR"];

const readSome = promisify(read);

/** For a port that was just opened and is not read yet. */
export function noticeHangUp({ port }: SerialPort): void {
  if (port !== undefined && "poller" in port) {
    port.read = (buffer, offset, length) => readLine(port, buffer, offset, length);
  }
}

async function readLine(
  line: DescribedLine,
  buffer: Buffer,
  offset: number,
  length: number,
): Promise<{ buffer: Buffer; bytesRead: number }> {
  for (;;) {
    // It may be closed while it is read, which is no fault.
    if (line.fd === null) throw Object.assign(new Error("the port is closed"), { canceled: true });
    try {
      const { bytesRead } = await readSome(line.fd, buffer, offset, length, null);
      // As the library opens a line, a read for which there is no byte yet is an error, not an empty one.
      if (bytesRead === 0) throw new Error("it was hung up");
      return { buffer, bytesRead };
    } catch (error) {
      if (!AGAIN.includes((error as NodeJS.ErrnoException).code)) throw error;
    }
    if (line.fd !== null) await readable(line);
  }
}

const readable = ({ poller }: DescribedLine): Promise<void> =>
  new Promise((resolve, reject) => {
    poller.once("readable", (error) => (error === null ? resolve() : reject(error)));
  });
