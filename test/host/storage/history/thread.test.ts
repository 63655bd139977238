import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, describe, expect, test } from "vitest";
import { inPlace, openHistory } from "../../../../host/storage/history/history.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { emitted } from "../../../xs/engine/run.ts";
import { folders } from "../folders.ts";
import { batchAt, TABLE } from "./entries.ts";

const here = folders();
afterAll(here.removeAll);

/** Lines of one life, which ends by a kill after so many of them. */
function oneLife(path: string, linesMax: number): Promise<string[]> {
  const child = spawn(process.execPath, [emitted("test/host/storage/history/kill-child.ts"), path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    if (lines.length === linesMax) child.kill("SIGKILL");
  });
  return new Promise((resolve) => child.once("close", () => resolve(lines)));
}

describe("a history in a thread of its own", () => {
  test("is whole after every kill, and has what it said was written [U07]", async () => {
    const path = join(here.make(), "history.db");
    const random = chance(7);
    let known = 0;
    for (let life = 0; life < 5; life++) {
      const [found = "", ...written] = await oneLife(path, 2 + drawBelow(random, 30));
      const { newest, notices } = JSON.parse(found) as { newest: number; notices: string[] };
      expect(notices).toEqual([]);
      expect(newest).toBeGreaterThanOrEqual(known);
      known = Number(written.at(-1) ?? newest);
    }
    expect(known).toBeGreaterThan(40);
    const history = openHistory({ path, table: TABLE }, { hire: inPlace });
    const newest = (await history.newest()) ?? 0;
    for (let sequence = 1; sequence <= newest; sequence++) {
      expect(await history.operations(sequence)).toEqual(batchAt(sequence));
    }
    await history.close();
  });
});
