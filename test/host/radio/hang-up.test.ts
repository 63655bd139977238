import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readlinkSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
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

it("a cable that is pulled while bytes are being taken from the port is noticed", async () => {
  const link = join(where, "radio");
  const { child, ended, said } = await terminal(link);
  const device = await said("R");
  const isOpen = said("O");
  const closed = await new Promise<string>((onClosed, reject) => {
    const onBytes = (): void => {
      const fd = descriptorOf(device);
      child.kill("SIGKILL");
      awaitHangUp(fd);
    };
    serialPorts()(
      { type: "serial", path: link },
      { baud: 115_200, line: { dtr: "unconnected", rts: "unconnected" } },
      { onBytes, onRoom: () => {}, onClosed },
    ).then((opened) => {
      if (!opened.ok) reject(new Error(opened.problem.message));
    });
    isOpen.then(() => child.stdin.write("x"));
  });
  expect(closed).toContain("the device is gone");
  await ended;
});
