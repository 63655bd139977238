/** A loader's port on a real serial line, over the package serialport. */
import { SerialPort } from "serialport";
import { noticeHangUp } from "../machine/hang-up.ts";
import type { LoaderPort, PortCode, PortListener, PortOpened } from "./loader-port.ts";

export function serialLoaderPort(path: string, usb?: LoaderPort["usb"]): LoaderPort {
  return new SerialLoaderPort(path, usb);
}

class SerialLoaderPort implements LoaderPort {
  readonly path: string;
  readonly usb: LoaderPort["usb"];
  #port: SerialPort | undefined;

  constructor(path: string, usb: LoaderPort["usb"]) {
    this.path = path;
    this.usb = usb;
  }

  async open(baud: number, listener: PortListener): Promise<PortOpened> {
    // Closing must not pull the lines of a reset circuit: `hupcl` would.
    const port = new SerialPort({ path: this.path, baudRate: baud, autoOpen: false, hupcl: false });
    const fault = await called((done) => port.open(done));
    if (fault !== undefined) return { ok: false, ...openFault(this.path, fault.message) };
    this.#port = port;
    noticeHangUp(port);
    port.on("data", (chunk: Buffer) => listener.bytes(chunk));
    port.on("error", (error: Error) => listener.lost(error.message));
    port.on("close", (error: Error | null) => {
      if (error !== null && error !== undefined) listener.lost(`${this.path} is gone`);
    });
    return { ok: true };
  }

  setBaud(baud: number): Promise<void> {
    return this.#order((port, done) => port.update({ baudRate: baud }, done));
  }

  /** A header and a pseudo terminal have no such lines: there a person presses the buttons. */
  async setLines(dtr: boolean, rts: boolean): Promise<void> {
    try {
      // Whatever is not named, the package asserts.
      await this.#order((port, done) => port.set({ dtr, rts }, done));
    } catch (fault) {
      if (!NO_LINES.test((fault as Error).message)) throw fault;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#order((port, done) => port.write(bytes, done));
    await this.#order((port, done) => port.drain(done));
  }

  async close(): Promise<void> {
    const port = this.#port;
    this.#port = undefined;
    if (port?.isOpen) await called((done) => port.close(done));
  }

  async #order(act: (port: SerialPort, done: Done) => void): Promise<void> {
    const port = this.#port;
    if (!port?.isOpen) throw new Error(`${this.path} is gone`);
    const fault = await called((done) => act(port, done));
    if (fault !== undefined) throw fault;
  }
}

const NO_LINES = /inappropriate ioctl|invalid argument|ENOTTY|EINVAL|not supported/i;

type Done = (fault?: Error | null) => void;

const called = (act: (done: Done) => void): Promise<Error | undefined> =>
  new Promise((resolve) => act((fault) => resolve(fault ?? undefined)));

interface OpenFault {
  readonly code: PortCode;
  readonly why: string;
  readonly next: string;
}

/** What a system's message means, and what helps. */
export function openFault(path: string, message: string): OpenFault {
  if (/cannot lock|temporarily unavailable|busy|access denied/i.test(message)) {
    const next = `End what holds it, a kiosk that runs or a terminal: hardway doctor ${path} names it.`;
    return { code: "port busy", why: `another process holds it (${message})`, next };
  }
  if (/permission denied|EACCES|not permitted/i.test(message)) {
    const next = `Join the group that owns it (often dialout) and log in again: hardway doctor ${path} says which.`;
    return { code: "port forbidden", why: `this user may not open it (${message})`, next };
  }
  const next = "Plug the board in with a cable that has data wires; hardway radio list shows the ports there are.";
  return { code: "no port", why: `it cannot be opened (${message})`, next };
}
