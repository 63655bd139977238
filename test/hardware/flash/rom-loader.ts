/** An ESP32 as its serial port shows it: a reset circuit on DTR and RTS, the loader in its ROM, the flasher that is loaded into
 * its memory, and a flash that remembers. By Espressif's "Serial Protocol"; answers come a millisecond of timers later. */
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import type { LoaderPort, PortListener, PortOpened } from "../../../hardware/flash/loader-port.ts";
import { type Chance, chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { slip, slipDecode, slipEncode, slipSizeMax } from "../../../protocol/frame/slip.ts";

export interface Chip {
  /** What register 0x40001000 reads. */
  readonly magic: number;
  /** What its security information says; the first ESP32 has none. */
  readonly chipId: number | undefined;
  readonly spiBase: number;
  readonly spiUser: number;
  readonly spiData: number;
}

export const ESP32: Chip = { magic: 0x00f01d83, chipId: undefined, spiBase: 0x3ff42000, spiUser: 0x1c, spiData: 0x80 };
export const ESP32C3: Chip = { magic: 0x6921506f, chipId: 5, spiBase: 0x60002000, spiUser: 0x18, spiData: 0x58 };

export interface Faults {
  /** The port refuses to open. */
  readonly open?: Extract<PortOpened, { ok: false }>;
  /** The loader never answers; what the application says instead, as often as it is reset. */
  readonly application?: Uint8Array;
  readonly mute?: boolean;
  /** Noise before every so many answers, drawn from this seed. */
  readonly noiseSeed?: number;
  /** At the data block of this number, counted over the whole flash. */
  readonly unplugAtBlock?: number;
  readonly hangAtBlock?: number;
  readonly abortAtBlock?: { readonly block: number; readonly abort: () => void };
  /** One bit of this address does not hold. */
  readonly weakAddress?: number;
  readonly secureDownload?: boolean;
  /** The third byte of the flash chip's own id: its size as a power of two. */
  readonly sizeId?: number;
  /** Refuses any other speed than this one. */
  readonly deafAbove?: number;
}

const COMMANDS: { readonly [op: number]: string } = {
  8: "sync",
  9: "write register",
  10: "read register",
  5: "memory begin",
  7: "memory data",
  6: "memory end",
  15: "baud",
  16: "begin",
  17: "data",
  18: "end",
  19: "md5",
  20: "security",
};

const IN_ROM = [
  ...["sync", "write register", "read register", "memory begin", "memory data", "memory end"],
  ...["baud", "security"],
];
const IN_FLASHER = ["begin", "data", "end", "md5"];
const NOTHING = new Uint8Array(0);

export class RomLoader implements LoaderPort {
  readonly path = "/dev/ttyPLAY0";
  readonly usb = { vendorId: 0x10c4, productId: 0xea60 };
  readonly flash: Uint8Array;
  /** Commands in order, repeats left out. */
  readonly commands: string[] = [];
  isOpen = false;
  /** What runs on the chip. */
  runs: "application" | "rom" | "flasher" = "application";
  restarts = 0;
  written = 0;
  readonly #chip: Chip;
  readonly #faults: Faults;
  readonly #slip = slip(0x8000);
  readonly #registers = new Map<number, number>();
  readonly #chance: Chance | undefined;
  #listener: PortListener | undefined;
  #lines = { dtr: false, rts: false };
  #portBaud = 0;
  #chipBaud = 115_200;
  #gone = false;
  #hangs = false;
  #blocks = 0;
  #stream = { offset: 0, blocks: 0, parts: [] as Uint8Array[] };

  constructor(chip: Chip, faults: Faults = {}, flash: Uint8Array = new Uint8Array(4_194_304).fill(0xff)) {
    this.#chip = chip;
    this.#faults = faults;
    this.flash = flash;
    this.#chance = faults.noiseSeed === undefined ? undefined : chance(faults.noiseSeed);
    this.#registers.set(0x40001000, chip.magic);
  }

  async open(baud: number, listener: PortListener): Promise<PortOpened> {
    if (this.#faults.open !== undefined) return this.#faults.open;
    this.isOpen = true;
    this.#portBaud = baud;
    this.#listener = listener;
    return { ok: true };
  }

  async setBaud(baud: number): Promise<void> {
    this.#assertThere();
    this.#portBaud = baud;
  }

  /** Asserted alone, RTS holds the chip in reset and DTR pulls its boot pin; together they do nothing. */
  async setLines(dtr: boolean, rts: boolean): Promise<void> {
    this.#assertThere();
    const wasReset = this.#lines.rts && !this.#lines.dtr;
    this.#lines = { dtr, rts };
    if (wasReset && !(rts && !dtr)) this.#boot(dtr && !rts);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#assertThere();
    if (this.runs === "application" || this.#faults.mute || this.#hangs || this.#portBaud !== this.#chipBaud) return;
    for (let at = 0; at < bytes.length; ) {
      at = slipDecode(this.#slip, bytes, at);
      if (this.#slip.frame !== undefined) this.#onPacket(this.#slip.frame.slice());
    }
  }

  async close(): Promise<void> {
    this.isOpen = false;
    this.#listener = undefined;
  }

  #assertThere(): void {
    if (this.#gone) throw new Error(`${this.path} is gone`);
    if (!this.isOpen) throw new Error("the port is not open");
  }

  #boot(intoLoader: boolean): void {
    this.restarts++;
    this.#chipBaud = 115_200;
    this.runs = intoLoader && this.#faults.application === undefined ? "rom" : "application";
    if (this.#faults.mute) return;
    const words =
      this.runs === "rom" ? "boot:0x3 (DOWNLOAD_BOOT)\r\nwaiting for download\r\n" : "boot:0x13 (FLASH)\r\n";
    this.#say(new TextEncoder().encode(`ets Jun  8 2016 00:22:57\r\nrst:0x1 (POWERON_RESET),${words}`));
    if (this.#faults.application !== undefined) this.#say(this.#faults.application);
  }

  #say(bytes: Uint8Array): void {
    const listener = this.#listener;
    setTimeout(() => {
      // Heard at another speed, it is garbage.
      if (!this.#gone && this.#portBaud === this.#chipBaud) listener?.bytes(bytes);
    }, 1);
  }

  #answer(op: number, value: number, data: Uint8Array, status: readonly number[] = [0, 0]): void {
    const tail = this.runs === "rom" ? [...status, 0, 0] : status;
    const packet = Buffer.alloc(8 + data.length + tail.length);
    packet.set([1, op]);
    packet.writeUInt16LE(data.length + tail.length, 2);
    packet.writeUInt32LE(value >>> 0, 4);
    packet.set(data, 8);
    packet.set(tail, 8 + data.length);
    this.#sayPacket(packet);
  }

  #sayPacket(packet: Uint8Array): void {
    const noise = this.#chance;
    if (noise !== undefined && drawBelow(noise, 3) === 0) this.#say(drawBytes(noise, 1 + drawBelow(noise, 12)));
    const wire = new Uint8Array(slipSizeMax(packet.length));
    wire[0] = 0xc0;
    this.#say(wire.subarray(0, slipEncode(packet, wire, 1)));
  }

  #onPacket(packet: Uint8Array): void {
    if (packet.length < 8 || packet[0] !== 0) return;
    const op = packet[1];
    const data = Buffer.from(packet.subarray(8));
    const name = COMMANDS[op] ?? `command ${op}`;
    if (this.commands.at(-1) !== name) this.commands.push(name);
    const isBlock = name === "memory data" || name === "data";
    const isWhole = !isBlock || data.subarray(16).reduce((sum, byte) => sum ^ byte, 0xef) === packet[4];
    const isKnown = IN_ROM.includes(name) || (this.runs === "flasher" && IN_FLASHER.includes(name));
    if (!isWhole || !isKnown) this.#answer(op, 0, NOTHING, [1, 5]);
    else this.#onCommand(name, op, data);
  }

  #onCommand(name: string, op: number, data: Buffer): void {
    switch (name) {
      case "sync":
        for (let i = 0; i < 8; i++) this.#answer(op, this.runs === "rom" ? 0x20120707 : 0, NOTHING);
        break;
      case "read register":
        this.#answer(op, this.#registers.get(data.readUInt32LE(0)) ?? 0, NOTHING);
        break;
      case "write register":
        this.#writeRegister(data.readUInt32LE(0), data.readUInt32LE(4));
        this.#answer(op, 0, NOTHING);
        break;
      case "security":
        this.#security(op);
        break;
      case "memory end":
        this.#answer(op, 0, NOTHING);
        this.runs = "flasher";
        this.#sayPacket(new TextEncoder().encode("OHAI"));
        break;
      case "baud":
        this.#changeBaud(op, data.readUInt32LE(0));
        break;
      case "begin":
        this.#begin(data);
        this.#answer(op, 0, NOTHING);
        break;
      case "data":
        this.#data(op, data);
        break;
      case "md5": {
        const part = this.flash.subarray(data.readUInt32LE(0), data.readUInt32LE(0) + data.readUInt32LE(4));
        this.#answer(op, 0, createHash("md5").update(part).digest());
        break;
      }
      default:
        this.#answer(op, 0, NOTHING);
    }
  }

  #security(op: number): void {
    const { chipId } = this.#chip;
    if (chipId === undefined) {
      // The first ESP32 does not know the command, and says so eight times under another one's number.
      for (let i = 0; i < 8; i++) this.#answer(0, 0, NOTHING, [1, 5]);
      return;
    }
    const info = Buffer.alloc(20);
    info.writeUInt32LE(this.#faults.secureDownload ? 4 : 0, 0);
    info.writeUInt32LE(chipId, 12);
    this.#answer(op, 0, info);
  }

  /** The flash's own bus, as far as asking its id takes. */
  #writeRegister(address: number, value: number): void {
    const { spiBase, spiUser, spiData } = this.#chip;
    this.#registers.set(address, value);
    if (address !== spiBase || value !== 1 << 18) return;
    this.#registers.set(spiBase, 0);
    const command = (this.#registers.get(spiBase + spiUser + 8) ?? 0) & 0xff;
    const sizeId = this.#faults.sizeId ?? 0x16;
    if (command === 0x9f) this.#registers.set(spiBase + spiData, 0x40ef | (sizeId << 16));
  }

  #changeBaud(op: number, baud: number): void {
    this.#answer(op, 0, NOTHING);
    // After its answer is out.
    setTimeout(() => {
      this.#chipBaud = baud > (this.#faults.deafAbove ?? Number.MAX_SAFE_INTEGER) ? -1 : baud;
    }, 2);
  }

  #begin(data: Buffer): void {
    const [size, blocks, , offset] = [0, 4, 8, 12].map((at) => data.readUInt32LE(at));
    this.#stream = { offset, blocks, parts: [] };
    this.flash.fill(0xff, offset & ~0xfff, (offset + size + 0xfff) & ~0xfff);
    this.written++;
  }

  #data(op: number, data: Buffer): void {
    const { unplugAtBlock, hangAtBlock, abortAtBlock, weakAddress } = this.#faults;
    const block = this.#blocks++;
    if (block === abortAtBlock?.block) abortAtBlock.abort();
    if (block === hangAtBlock) this.#hangs = true;
    if (block === unplugAtBlock) {
      this.#gone = true;
      this.#listener?.lost(`${this.path} is gone`);
    }
    if (this.#gone || this.#hangs) return;
    const stream = this.#stream;
    stream.parts.push(data.subarray(16));
    if (stream.parts.length === stream.blocks) {
      const bytes = inflateSync(Buffer.concat(stream.parts));
      // Writing only clears bits.
      for (const [index, byte] of bytes.entries()) this.flash[stream.offset + index] &= byte;
      if (weakAddress !== undefined) this.flash[weakAddress] &= 0xfe;
    }
    this.#answer(op, 0, NOTHING);
  }
}
