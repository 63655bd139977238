import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readlinkSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { afterAll, expect, it } from "vitest";
import { serialLoaderPort } from "../../../hardware/flash/serial-port.ts";
import { noticeHangUp } from "../../../hardware/machine/hang-up.ts";
import { ptyHelper } from "../../../hardware/virtual/fronts/pty-helper.ts";
import { type PtyMessage, ptyMessages, take } from "../../../hardware/virtual/fronts/pty-messages.ts";
import { serialPorts } from "../../../host/radio/serial-port.ts";

const where = mkdtempSync(join(tmpdir(), "hardway-hang-up-"));
afterAll(() => rmSync(where, { recursive: true }));

/** A pseudo terminal of our own, whose cable can be pulled in the middle of a turn of the event loop. */
async function terminal(link: string) {
  const helper = await ptyHelper();
  if (!helper.ok || helper.kind !== "ours") throw new Error("it takes a C compiler");
  const child = spawn(helper.program, [link], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const messages = ptyMessages();
  const heard: PtyMessage[] = [];
  const waiting: { readonly type: string; readonly done: (bytes: Uint8Array) => void }[] = [];
  child.stdout.on("data", (bytes: Uint8Array) => {
    heard.push(...take(messages, bytes));
    for (const { type, bytes: said } of heard.splice(0)) {
      for (const each of waiting.splice(0)) {
        if (each.type === type) each.done(said);
        else waiting.push(each);
      }
    }
  });
  const said = (type: string): Promise<string> =>
    new Promise((done) => waiting.push({ type, done: (bytes) => done(Buffer.from(bytes).toString("latin1")) }));
  return { child, ended, said };
}

/** Ours, of the device. */
function descriptorOf(device: string): number {
  const found = readdirSync("/proc/self/fd").find((fd) => linkOf(fd) === device);
  if (found === undefined) throw new Error(`nobody has ${device} open here`);
  return Number(found);
}

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

/** A line that is hung up reads as nothing, at once; before, there is nothing to read yet. */
function awaitHangUp(fd: number): void {
  for (;;) {
    try {
      if (readSync(fd, new Uint8Array(64)) === 0) return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // In the moment of its end it is an error.
      if (code === "EIO") return;
      if (code !== "EAGAIN") throw error;
    }
  }
}

type OpenAt = (path: string, onBytes: () => void, onClosed: (why: string) => void) => Promise<string | undefined>;

/** The library with nothing but the mend, and both programs that read a radio's line; each answers why it could not open it. */
const READERS: readonly (readonly [string, OpenAt])[] = [
  [
    "anybody",
    (path, onBytes, onClosed) =>
      new Promise((resolve) => {
        const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false, hupcl: false });
        port.open((fault) => {
          resolve(fault?.message);
          noticeHangUp(port);
          port.on("data", onBytes);
          port.on("close", (why: Error | null) => onClosed(`gone: ${why?.message}`));
        });
      }),
  ],
  [
    "a kiosk",
    async (path, onBytes, onClosed) => {
      const settings = { baud: 115_200, line: { dtr: "unconnected", rts: "unconnected" } } as const;
      const listener = { onBytes, onRoom: () => {}, onClosed };
      const opened = await serialPorts()({ type: "serial", path }, settings, listener);
      return opened.ok ? undefined : opened.problem.message;
    },
  ],
  [
    "a flasher",
    async (path, onBytes, onClosed) => {
      const opened = await serialLoaderPort(path).open(115_200, { bytes: onBytes, lost: onClosed });
      return opened.ok ? undefined : opened.why;
    },
  ],
];

it.each(READERS)("%s whose cable is pulled while it takes bytes from the port hears of it", async (name, open) => {
  const link = join(where, name.replace(" ", "-"));
  const { child, ended, said } = await terminal(link);
  const device = await said("R");
  const isOpen = said("O");
  const closed = await new Promise<string>((onClosed, reject) => {
    const onBytes = (): void => {
      const fd = descriptorOf(device);
      child.kill("SIGKILL");
      awaitHangUp(fd);
    };
    void open(link, onBytes, onClosed).then((why) => {
      if (why !== undefined) reject(new Error(why));
    });
    isOpen.then(() => child.stdin.write("x"));
  });
  expect(closed).toMatch(/gone|hung up/);
  await ended;
});
