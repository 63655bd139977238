import { spawn } from "node:child_process";
import {
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { SerialPort } from "serialport";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { realClock } from "../../../../hardware/virtual/fronts/clock.ts";
import { type Front, type FrontListener, type OpenedFront, pour } from "../../../../hardware/virtual/fronts/front.ts";
import { openPtyFront } from "../../../../hardware/virtual/fronts/pty-front.ts";
import { ptyHelper } from "../../../../hardware/virtual/fronts/pty-helper.ts";
import { type PtyMessage, ptyMessages, take } from "../../../../hardware/virtual/fronts/pty-messages.ts";
import { openSocketFront } from "../../../../hardware/virtual/fronts/socket-front.ts";

let where = "";
beforeEach(() => {
  where = mkdtempSync(join(tmpdir(), "hardway-front-"));
});
afterEach(() => rmSync(where, { recursive: true }));

/** What a front has said, and a promise of the next that fits. */
class Ear implements FrontListener {
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

function opened(front: OpenedFront): Front {
  if (!front.ok) throw new Error(`${front.why}: ${front.next}`);
  return front.front;
}

const openPort = (path: string, baudRate: number): Promise<SerialPort> =>
  new Promise((done, fail) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    port.on("error", () => {});
    port.open((error) => (error === null ? done(port) : fail(error)));
  });

const MEGABYTE = new Uint8Array(1 << 20);

describe("a slow reader", () => {
  test("has 4 KiB waiting for it and loses the rest, which is counted", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 20 }), (sizes) => {
        let kept = 0;
        let lost = 0;
        const sink = {
          get writableLength() {
            return kept;
          },
          write(bytes: Uint8Array) {
            kept += bytes.length;
          },
        };
        for (const size of sizes) lost += pour(new Uint8Array(size), sink);
        const all = sizes.reduce((sum, size) => sum + size, 0);
        expect(kept).toBe(Math.min(4096, all));
        expect(lost).toBe(all - kept);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("behind a socket costs no more than that and what the system itself holds, however much is said", async () => {
    const ear = new Ear();
    const front = opened(await openSocketFront({ type: "unix", path: join(where, "a.sock") }, ear, realClock));
    const socket = connect(join(where, "a.sock"));
    socket.pause();
    await ear.heard("opened");
    // The system's own buffer is the other bound.
    let taken = 0;
    for (let lost = 0; lost < MEGABYTE.length; taken += MEGABYTE.length - lost) {
      const before = ear.lost;
      front.send(MEGABYTE);
      lost = ear.lost - before;
    }
    expect(taken).toBeLessThan(1 << 20);
    socket.destroy();
    await front.close();
  });

  test("behind a pseudo terminal likewise, and the terminal's own buffer is the other bound", async () => {
    const ear = new Ear();
    const front = opened(await openPtyFront(join(where, "a"), ear, realClock));
    const port = await openPort(join(where, "a"), 115_200);
    port.pause();
    await ear.heard("opened");
    // In pieces that find room on the way to the helper, so that what is lost is lost at the terminal.
    let given = 0;
    const helperLost = (): number => ear.said.filter((words) => words === "lost").length;
    while (helperLost() === 0) {
      front.send(new Uint8Array(1024));
      given += 1024;
      await new Promise<void>((done) => setImmediate(done));
    }
    expect(given).toBeLessThan(1 << 20);
    port.destroy();
    await front.close();
  });
});

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

describe("a socket", () => {
  test("that a server left behind is taken away, and one that answers is not", async () => {
    const path = join(where, "a.sock");
    const left = createServer();
    await new Promise<void>((done) => left.listen(path, done));
    const refused = await openSocketFront({ type: "unix", path }, new Ear(), realClock);
    expect(refused.ok ? "" : refused.why).toBe(`making the socket ${path}: another program serves it`);
    // Away while it closes, so that what it leaves is what a killed one leaves.
    renameSync(path, join(where, "aside"));
    await new Promise<void>((done) => left.close(() => done()));
    renameSync(join(where, "aside"), path);
    const front = opened(await openSocketFront({ type: "unix", path }, new Ear(), realClock));
    expect(front.device).toBe(`unix:${path}`);
    await front.close();
  });

  test("whose port another program has is refused by name", async () => {
    const front = opened(await openSocketFront({ type: "tcp", port: 0 }, new Ear(), realClock));
    if (front.place.type !== "tcp") throw new Error("it is a port");
    const { port } = front.place;
    const refused = await openSocketFront({ type: "tcp", port }, new Ear(), realClock);
    expect(refused.ok ? "" : refused.why).toMatch(new RegExp(`^listening at tcp://127.0.0.1:${port}: .*EADDRINUSE`));
    await front.close();
  });
});
