/** The wire under esptool-js: its packets over a port of ours. The library's own wire speaks to a browser's port, polls every
 * millisecond, writes traces to the console, throws at the first byte of noise and never ends when a write fails. */
import { END, type Slip, slip, slipDecode, slipEncode, slipSizeMax } from "../../protocol/frame/slip.ts";
import type { LoaderPort } from "./loader-port.ts";
import type { LoaderWire } from "./loader-wire.ts";

/** Above a block of 16 KiB with its header, the longest packet of either direction. */
const PACKET_SIZE_MAX = 0x4100;
/** What of the last boot is worth reading. */
const TEXT_SIZE_MAX = 4096;

interface Reader {
  readonly resolve: (packet: Uint8Array) => void;
  readonly reject: (fault: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export class LoaderTransport implements LoaderWire {
  readonly tracing = false;
  baudrate = 0;
  /** Bytes that came, packets or not. */
  heard = 0;
  /** Why nothing more will come. */
  lost: string | undefined;
  readonly #port: LoaderPort;
  readonly #slip: Slip = slip(PACKET_SIZE_MAX);
  readonly #lines = { dtr: false, rts: false };
  #packets: Uint8Array[] = [];
  #text: Uint8Array = new Uint8Array(0);
  #reader: Reader | undefined;

  constructor(port: LoaderPort) {
    this.#port = port;
  }

  take(chunk: Uint8Array): void {
    this.heard += chunk.length;
    this.#text = Buffer.concat([this.#text, chunk]).subarray(-TEXT_SIZE_MAX);
    for (let at = 0; at < chunk.length; ) {
      at = slipDecode(this.#slip, chunk, at);
      if (this.#slip.frame !== undefined && isAnswer(this.#slip.frame)) this.#deliver(this.#slip.frame.slice());
    }
  }

  /** From now on every read and write fails at once: the port is gone, or somebody told us to stop. */
  fail(why: string): void {
    this.lost ??= why;
    const reader = this.#forgetReader();
    reader?.reject(new Error(why));
  }

  read(timeoutMs: number): Promise<Uint8Array> {
    const packet = this.#packets.shift();
    if (packet !== undefined) return Promise.resolve(packet);
    if (this.lost !== undefined) return Promise.reject(new Error(this.lost));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#reader = undefined;
        reject(new Error(`no answer within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#reader = { resolve, reject, timer };
    });
  }

  async write(packet: Uint8Array): Promise<void> {
    if (this.lost !== undefined) throw new Error(this.lost);
    const wire = new Uint8Array(slipSizeMax(packet.length));
    wire[0] = END;
    await this.#port.write(wire.subarray(0, slipEncode(packet, wire, 1)));
  }

  flushInput(): void {
    this.#packets = [];
    this.#text = new Uint8Array(0);
  }

  /** The ROM repeats some of its answers: waits until the wire is quiet, then forgets what came. */
  async drainInput(quietMs = 100, mostMs = 400): Promise<void> {
    for (let waited = 0; waited < mostMs; waited += quietMs) {
      const heard = this.heard;
      await wait(quietMs);
      if (this.heard === heard) break;
    }
    this.flushInput();
  }

  /** Of the boot: the loader looks for "waiting for download" in it. */
  peek(): Uint8Array {
    return this.#text;
  }

  inWaiting(): number {
    return this.#text.length;
  }

  async flushOutput(): Promise<void> {}

  /** Whoever opened the port keeps it open: opening it anew would reset some boards. */
  async connect(baud: number): Promise<void> {
    await this.changeBaudrate(baud);
  }

  async disconnect(): Promise<void> {}

  async readLoop(): Promise<void> {}

  /** False: the port was not opened anew. */
  async changeBaudrate(baud: number): Promise<boolean> {
    if (baud !== this.baudrate) await this.#port.setBaud(baud);
    this.baudrate = baud;
    return false;
  }

  setRTS(state: boolean): Promise<void> {
    return this.setSignals(undefined, state);
  }

  setDTR(state: boolean): Promise<void> {
    return this.setSignals(state, undefined);
  }

  async setSignals(dtr?: boolean, rts?: boolean): Promise<void> {
    if (dtr !== undefined) this.#lines.dtr = dtr;
    if (rts !== undefined) this.#lines.rts = rts;
    if (this.lost !== undefined) throw new Error(this.lost);
    await this.#port.setLines(this.#lines.dtr, this.#lines.rts);
  }

  getVid(): number | undefined {
    return this.#port.usb?.vendorId;
  }

  getPid(): number | undefined {
    return this.#port.usb?.productId;
  }

  getInfo(): string {
    return this.#port.path;
  }

  trace(): void {}

  hexConvert(): string {
    return "";
  }

  hexify(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString("hex");
  }

  #deliver(packet: Uint8Array): void {
    const reader = this.#forgetReader();
    if (reader === undefined) this.#packets.push(packet);
    else reader.resolve(packet);
  }

  #forgetReader(): Reader | undefined {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader !== undefined) clearTimeout(reader.timer);
    return reader;
  }
}

/** What the flasher says when it starts, the only packet without a header. */
const GREETING = "OHAI";
const HEADER_SIZE = 8;

/** Everything else between two ENDs is noise: a boot's words, a bad cable. The library would take it for the greeting. */
const isAnswer = (packet: Uint8Array): boolean =>
  (packet[0] === 1 && packet.length > HEADER_SIZE) || String.fromCharCode(...packet.subarray(0, 5)) === GREETING;

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
