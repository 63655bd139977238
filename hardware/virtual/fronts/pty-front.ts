/** A virtual board behind a pseudo terminal, where a program that knows nothing but serial ports finds it. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { lstatSync, readlinkSync, unlinkSync } from "node:fs";
import type { Clock } from "./clock.ts";
import { type Front, type FrontListener, type OpenedFront, pour } from "./front.ts";
import { type PtyHelper, ptyHelper } from "./pty-helper.ts";
import { type PtyMessage, ptyMessages, take } from "./pty-messages.ts";

/** A helper ends when its input does; one that does not is ended. */
const END_WITHIN_MS = 2000;
const COMPLAINT_LENGTH_MAX = 500;

export async function openPtyFront(
  path: string,
  listener: FrontListener,
  clock: Clock,
  helper?: PtyHelper,
): Promise<OpenedFront> {
  const maker = helper ?? (await ptyHelper());
  if (!maker.ok) return maker;
  const trouble = clear(path);
  if (trouble !== undefined) return { ok: false, ...trouble };
  return new Promise((done) => {
    new Pty(path, maker, listener, clock, done).start();
  });
}

class Pty implements Front {
  readonly place: { readonly type: "pty"; readonly path: string };
  readonly device: string;
  private readonly maker: PtyHelper & { ok: true };
  private readonly listener: FrontListener;
  private readonly clock: Clock;
  private readonly ready: (opened: OpenedFront) => void;
  private child: ChildProcessWithoutNullStreams | undefined;
  private opened = false;
  private isReady = false;
  private isClosed = false;
  private complaint = "";
  private onEnd: () => void = () => {};

  constructor(
    path: string,
    maker: PtyHelper & { ok: true },
    listener: FrontListener,
    clock: Clock,
    ready: (opened: OpenedFront) => void,
  ) {
    this.place = { type: "pty", path };
    this.device = path;
    this.maker = maker;
    this.listener = listener;
    this.clock = clock;
    this.ready = ready;
  }

  start(): void {
    const { kind, program } = this.maker;
    const { path } = this.place;
    const words =
      kind === "ours" ? [path] : ["-d", "-d", "-t", "0.05", "-", `PTY,link=${path},rawer,wait-slave,pty-interval=0.01`];
    const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"] });
    this.child = child;
    const messages = ptyMessages();
    child.stdout.on("data", (bytes: Buffer) => {
      if (this.isClosed) return;
      if (kind === "ours") for (const message of take(messages, bytes)) this.onMessage(message);
      else this.listener.onBytes(bytes);
    });
    child.stderr.on("data", (text: Buffer) => {
      this.complaint = (this.complaint + text.toString("utf8")).slice(-COMPLAINT_LENGTH_MAX);
      if (kind === "socat") this.onSocatSaid(text.toString("utf8"));
    });
    // It may end while we write.
    child.stdin.on("error", () => {});
    child.on("error", (error) => {
      this.complaint = error.message;
      this.onExit();
    });
    child.on("close", () => this.onExit());
  }

  send(bytes: Uint8Array): void {
    const lost = this.opened && this.child !== undefined ? pour(bytes, this.child.stdin) : bytes.length;
    if (lost > 0) this.listener.onLost(lost);
  }

  pause(): void {
    this.child?.stdout.pause();
  }

  resume(): void {
    this.child?.stdout.resume();
  }

  close(): Promise<void> {
    this.isClosed = true;
    const { child } = this;
    if (child === undefined) return Promise.resolve();
    return new Promise((done) => {
      const spare = this.clock.after(END_WITHIN_MS, () => child.kill("SIGKILL"));
      this.onEnd = () => {
        spare();
        forgetLink(this.place.path);
        done();
      };
      child.stdin.end();
      // What it still says would keep it from ending.
      child.stdout.resume();
      if (this.maker.kind === "socat") child.kill("SIGTERM");
    });
  }

  private onMessage({ type, bytes }: PtyMessage): void {
    switch (type) {
      case "R":
        this.onReady();
        break;
      case "O":
        this.setOpened(true);
        break;
      case "C":
        this.setOpened(false);
        break;
      case "B":
        this.listener.onBaud(Number(Buffer.from(bytes).toString("latin1")));
        break;
      case "D":
        this.listener.onBytes(bytes);
        break;
      case "L":
        this.listener.onLost(Number(Buffer.from(bytes).toString("latin1")));
        break;
    }
  }

  /** Its log is the only place where it tells. */
  private onSocatSaid(text: string): void {
    if (text.includes("PTY is")) this.onReady();
    if (text.includes("starting data transfer loop")) this.setOpened(true);
  }

  private onReady(): void {
    if (this.isReady) return;
    this.isReady = true;
    this.ready({ ok: true, front: this });
  }

  private setOpened(opened: boolean): void {
    if (this.opened === opened) return;
    this.opened = opened;
    if (opened) this.listener.onOpened();
    else this.listener.onClosed();
  }

  private onExit(): void {
    if (this.child === undefined) return;
    this.child = undefined;
    if (this.isClosed) {
      this.onEnd();
      return;
    }
    const why = `the pseudo terminal ${this.place.path}: ${this.complaint.trim() || "its helper ended"}`;
    if (!this.isReady) {
      this.ready({ ok: false, why, next: "choose a folder that you may write to" });
    } else if (this.maker.kind === "socat") {
      // It ends with whoever had the port open; the next one finds another.
      this.setOpened(false);
      this.start();
    } else {
      this.setOpened(false);
      this.isClosed = true;
      forgetLink(this.place.path);
      this.listener.onFault(why);
    }
  }
}

/** A link that leads nowhere is what a server left that ended badly; anything else stays. */
function clear(path: string): { readonly why: string; readonly next: string } | undefined {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return undefined;
  const what = `making the pseudo terminal ${path}`;
  if (!entry.isSymbolicLink()) {
    return { why: `${what}: something else is there`, next: "move it, or choose another folder" };
  }
  if (leadsSomewhere(path)) {
    return { why: `${what}: another program serves it`, next: "end that program, or choose another folder" };
  }
  unlinkSync(path);
  return undefined;
}

function forgetLink(path: string): void {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry?.isSymbolicLink() === true && !leadsSomewhere(path)) unlinkSync(path);
}

const leadsSomewhere = (path: string): boolean =>
  lstatSync(readlinkSync(path), { throwIfNoEntry: false }) !== undefined;
