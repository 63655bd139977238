import { spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realClock } from "../../../../hardware/virtual/fronts/clock.ts";
import { openPtyFront } from "../../../../hardware/virtual/fronts/pty-front.ts";
import { ptyHelper } from "../../../../hardware/virtual/fronts/pty-helper.ts";
import { type PtyMessage, ptyMessages, take } from "../../../../hardware/virtual/fronts/pty-messages.ts";
import { Ear, MEGABYTE, opened, openPort } from "./ear.ts";

let where = "";
beforeEach(() => {
  where = mkdtempSync(join(tmpdir(), "hardway-front-"));
});
afterEach(() => rmSync(where, { recursive: true }));

describe("a pseudo terminal", () => {
  test("tells the speed at which it is opened, each change of it, and when it is closed", async () => {
    const ear = new Ear();
    const front = opened(await openPtyFront(join(where, "a"), ear, realClock));
    const port = await openPort(join(where, "a"), 57_600);
    await ear.heard("baud 57600");
    await new Promise<void>((done) => port.update({ baudRate: 921_600 }, () => done()));
    await ear.heard("baud 921600");
    port.close();
    await ear.heard("closed");
    const again = await openPort(join(where, "a"), 230_400);
    await ear.heard("baud 230400");
    expect(ear.said.filter((words) => words === "opened")).toHaveLength(2);
    again.destroy();
    await front.close();
  });

  test("passes every byte as it is, both ways", async () => {
    const ear = new Ear();
    const front = opened(await openPtyFront(join(where, "a"), ear, realClock));
    const port = await openPort(join(where, "a"), 921_600);
    await ear.heard("opened");
    const every = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    let heard = Buffer.alloc(0);
    const back = new Promise<void>((done) =>
      port.on("data", (more: Buffer) => {
        heard = Buffer.concat([heard, more]);
        if (heard.length >= every.length) done();
      }),
    );
    port.write(every);
    await ear.until(() => ear.bytes.length >= every.length);
    front.send(every);
    await back;
    expect([ear.bytes, heard]).toEqual([every, every]);
    port.destroy();
    await front.close();
  });

  test("whose helper dies hangs up, says so once and leaves no link", async () => {
    const ear = new Ear();
    const program = join(where, "dies");
    writeFileSync(program, "#!/bin/sh\nln -s /dev/pts/none $1\nprintf 'R\\000\\001aO\\000\\000'\nread line\nexit 3\n");
    chmodSync(program, 0o755);
    const front = opened(await openPtyFront(join(where, "a"), ear, realClock, { ok: true, kind: "ours", program }));
    await ear.heard("opened");
    front.send(Uint8Array.of(10));
    await ear.until(() => ear.said.some((words) => words.startsWith("fault")));
    expect(ear.said).toEqual(["opened", "closed", `fault the pseudo terminal ${where}/a: its helper ended`]);
    expect(readdirSync(where)).toEqual(["dies"]);
    await front.close();
  });

  test("that cannot be made is refused with the helper's words", async () => {
    const refused = await openPtyFront(join(where, "none", "a"), new Ear(), realClock);
    expect(refused).toMatchObject({ ok: false, next: "choose a folder that you may write to" });
    if (!refused.ok) expect(refused.why).toMatch(/none\/a.*No such file or directory/);
  });
});

describe("the helper of pseudo terminals", () => {
  test("is built where a compiler is, replaced by socat where none is, and named where neither is", async () => {
    const bin = join(where, "bin");
    const built = join(where, "built");
    const none = await ptyHelper(bin, built);
    expect(none.ok ? "" : none.why).toBe(
      "making a pseudo terminal: there is neither a C compiler nor socat on this machine",
    );
    expect(none.ok ? "" : none.next).toContain("apt-get install gcc libc6-dev");
    const program = async (name: string, text: string): Promise<void> => {
      writeFileSync(join(where, name), text);
      chmodSync(join(where, name), 0o755);
    };
    await program("socat", "#!/bin/sh\n");
    expect(await ptyHelper(where, built)).toEqual({ ok: true, kind: "socat", program: join(where, "socat") });
    rmSync(join(where, "socat"));
    await program("cc", "#!/bin/sh\necho 'no headers here' >&2\nexit 1\n");
    const broken = await ptyHelper(where, built);
    expect(broken.ok ? "" : broken.why).toMatch(/^building .*pty\.c with .*cc: no headers here$/);
    rmSync(join(where, "cc"));
    const ours = await ptyHelper(process.env["PATH"], built);
    expect(ours).toMatchObject({ ok: true, kind: "ours" });
    // Built once: nothing is needed for it any more.
    expect(await ptyHelper(bin, built)).toEqual(ours);
    expect(readdirSync(built)).toHaveLength(1);
  });

  test("tells what a terminal that nobody reads had no room for, and takes its link away when its input ends", async () => {
    const helper = await ptyHelper();
    if (!helper.ok) throw new Error(helper.why);
    const child = spawn(helper.program, [join(where, "a")], { stdio: ["pipe", "pipe", "inherit"] });
    const messages = ptyMessages();
    const said: PtyMessage[] = [];
    let wake = (): void => {};
    child.stdout.on("data", (bytes: Buffer) => {
      said.push(...take(messages, bytes));
      wake();
    });
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise<void>((done) => (wake = done));
    };
    const has = (type: string): boolean => said.some((each) => each.type === type);
    await until(() => has("R"));
    expect(readlinkSync(join(where, "a"))).toBe(Buffer.from(said[0].bytes).toString());
    const slave = openSync(join(where, "a"), constants.O_RDWR | constants.O_NOCTTY);
    await until(() => has("O"));
    child.stdin.write(MEGABYTE);
    const lost = (): number =>
      said.reduce((sum, { type, bytes }) => sum + (type === "L" ? Number(Buffer.from(bytes).toString()) : 0), 0);
    await until(() => lost() > MEGABYTE.length / 2);
    child.stdin.end();
    await new Promise<void>((done) => child.on("close", () => done()));
    closeSync(slave);
    expect(readdirSync(where)).toEqual([]);
  });

  test("says its messages in any pieces", () => {
    const said: PtyMessage[] = [
      { type: "R", bytes: Uint8Array.from([47, 97]) },
      { type: "O", bytes: new Uint8Array(0) },
      { type: "D", bytes: Uint8Array.from({ length: 300 }, (_, at) => at & 0xff) },
      { type: "C", bytes: new Uint8Array(0) },
    ];
    const wire = said.flatMap(({ type, bytes }) => [
      ...[type.charCodeAt(0), bytes.length >> 8, bytes.length & 0xff],
      ...bytes,
    ]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const messages = ptyMessages();
        const heard: PtyMessage[] = [];
        let at = 0;
        for (const size of [...sizes, wire.length]) {
          heard.push(...take(messages, Uint8Array.from(wire.slice(at, at + size))));
          at += size;
        }
        expect(heard).toEqual(said);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});
