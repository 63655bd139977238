import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programFile } from "../../../host/cli/repository.ts";

const where = mkdtempSync(join(tmpdir(), "hardway-endings-"));
const temporary = join(where, "tmp");
const silent = join(where, "silent.sock");
let server: Server;

beforeAll(async () => {
  mkdirSync(temporary);
  // It takes everybody and says nothing.
  server = createServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((resolve) => server.listen(silent, resolve));
});
afterAll(() => {
  server.close();
  rmSync(where, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `onSaid`: at each piece of what it says on either stream, with all of it so far. */
function run(
  words: readonly string[],
  over: { input?: string; stdout?: number; onSaid?: (said: string, child: ChildProcess) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [programFile("hardway"), ...words], {
    cwd: where,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["pipe", over.stdout ?? "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.on("data", (text) => {
      said[name] += text;
      over.onSaid?.(said.stdout + said.stderr, child);
    });
  }
  if (over.input !== undefined) child.stdin?.end(over.input);
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, ...said })));
}

/** Ctrl-C, as soon as it has said that. */
function interrupting(words: string): (said: string, child: ChildProcess) => void {
  let isSent = false;
  return (said, child) => {
    if (isSent || !said.includes(words)) return;
    isSent = true;
    child.kill("SIGINT");
  };
}

const board = "nrf52-dk";

describe("a command ends in order", { timeout: 60_000 }, () => {
  it("at Ctrl-C in the middle of a diagnosis, without waiting for its finding", async () => {
    const onSaid = interrupting("waiting for the radio's hello");
    expect(await run(["doctor", `unix:${silent}`], { onSaid })).toMatchObject({ status: 130, stdout: "" });
  });

  it("at Ctrl-C while another program switches the power of a bench, which ends with it", async () => {
    const power = { command: ["sh", "-c", "echo switching >&2; exec sleep 3600 # {state}"] };
    const radios = [
      { name: "a", device: "virtual:a", board, role: "server", group: "g", power },
      { name: "b", device: "virtual:b", board, role: "client", group: "g" },
    ];
    writeFileSync(join(where, "power.json"), JSON.stringify({ version: 1, radios }));
    writeFileSync(join(where, "plan.json"), JSON.stringify({ version: 1, payloads: [20], powerCycle: true }));
    const onSaid = interrupting("switching");
    expect(await run(["bench", "power.json", "plan.json"], { onSaid })).toMatchObject({ status: 130 });
  });

  it("when the reader of its answers goes, and leaves no folder behind", async () => {
    let isGone = false;
    const ended = await run(["virtual", board, "--front", "unix"], {
      onSaid(said, child) {
        if (isGone || !said.includes(board)) return;
        isGone = true;
        child.stdout?.destroy();
        child.stdin?.write("status\n");
      },
    });
    expect(ended.status).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("with its input, after all that the input ordered", async () => {
    const input = "unplug 1\nreplug 1\nstatus\nquit\nnever\n";
    const { status, stdout, stderr } = await run(["virtual", board, "--front", "unix", "--json"], { input });
    const types = stdout.trim().split("\n");
    expect(types.map((line) => JSON.parse(line).type)).toEqual(["ready", "plugged", "counters"]);
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("and fails where its answer finds no room", async () => {
    const { status, stderr } = await run(["--help"], { stdout: openSync("/dev/full", "w") });
    expect(status).toBe(1);
    expect(stderr).toMatch(/ENOSPC[\s\S]*Next: /);
  });
});

describe("a file that a command is given", { timeout: 60_000 }, () => {
  it("may not be there, or be no file: each has its exit and its next step, and nothing waits for it", async () => {
    const missing = await run(["bench", "none.json", "none.json"]);
    expect(missing).toMatchObject({ status: 3, stderr: expect.stringMatching(/none\.json[\s\S]*Next: /) });
    const folder = await run(["radio", "trace", "replay", where]);
    expect(folder).toMatchObject({ status: 1, stderr: expect.stringMatching(/no plain file[\s\S]*Next: /) });
  });

  it("is not taken from a device for a recording, which is renamed when it is full", async () => {
    symlinkSync("/dev/null", join(where, "null"));
    for (const words of [
      ["radio", "trace", "record", `unix:${silent}`, "null"],
      ["virtual", board, "--front", "unix", "--trace", "null"],
    ]) {
      const { status, stderr } = await run(words, { input: "" });
      expect([status, stderr]).toEqual([1, expect.stringContaining("writing null: it is there, and no plain file")]);
    }
  });

  it("is a trace: with --json its lines are JSON", async () => {
    const recorded = join(where, "wire.trace");
    await run(["radio", "trace", "record", `unix:${silent}`, recorded, "--seconds", "1"]);
    const { status, stdout } = await run(["radio", "trace", "replay", recorded, "--json"]);
    expect(status).toBe(0);
    const records = stdout.trim().split("\n");
    expect(records.map((each) => JSON.parse(each))).toContainEqual({
      type: "note",
      atMs: expect.any(Number),
      words: "opened",
    });
  });

  it("is an image: one that was broken off is not the newest, and with --json its refusal is JSON", async () => {
    const half = join(where, "images", `${board}-0123456789abcdef.part`);
    mkdirSync(half, { recursive: true });
    expect(await run(["flash", board])).toMatchObject({ status: 2, stderr: expect.stringMatching(/^no image for/) });
    const { status, stdout } = await run(["flash", board, "--image", half, "--json"]);
    expect(status).toBe(11);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: "bad image", written: "nothing" });
  });
});
