/** What a front says, and whoever opens one as any program would. */
import { SerialPort } from "serialport";
import type { Front, FrontListener, OpenedFront } from "../../../../hardware/virtual/fronts/front.ts";

/** What a front has said, and a promise of the next that fits. */
export class Ear implements FrontListener {
  readonly said: string[] = [];
  lost = 0;
  bytes = Buffer.alloc(0);
  private waiting: (() => void)[] = [];

  onOpened(): void {
    this.say("opened");
  }
  onBytes(bytes: Uint8Array): void {
    this.bytes = Buffer.concat([this.bytes, bytes]);
    this.say("bytes");
  }
  onClosed(): void {
    this.say("closed");
  }
  onBaud(baud: number): void {
    this.say(`baud ${baud}`);
  }
  onLost(count: number): void {
    this.lost += count;
    this.say("lost");
  }
  onFault(why: string): void {
    this.say(`fault ${why}`);
  }
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((wake) => this.waiting.push(wake));
  }
  heard(words: string): Promise<void> {
    return this.until(() => this.said.includes(words));
  }
  private say(words: string): void {
    this.said.push(words);
    for (const wake of this.waiting.splice(0)) wake();
  }
}

export function opened(front: OpenedFront): Front {
  if (!front.ok) throw new Error(`${front.why}: ${front.next}`);
  return front.front;
}

export const openPort = (path: string, baudRate: number): Promise<SerialPort> =>
  new Promise((done, fail) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    port.on("error", () => {});
    port.open((error) => (error === null ? done(port) : fail(error)));
  });

export const MEGABYTE = new Uint8Array(1 << 20);
