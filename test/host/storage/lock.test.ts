import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { releaseLock, takeLock } from "../../../host/storage/file-lock.ts";
import { emitted } from "../../xs/engine/run.ts";
import { folders } from "./folders.ts";

const here = folders();
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  here.removeAll();
});

/** A process that takes the lock, says so, and stays. */
async function holder(folder: string): Promise<{ readonly child: ChildProcess; readonly says: string }> {
  const script = `
    import { takeLock } from ${JSON.stringify(emitted("host/storage/file-lock.ts"))};
    process.stdout.write((takeLock(${JSON.stringify(folder)}) ?? "mine") + "\\n");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [text] = await once(child.stdout!, "data");
  return { child, says: String(text).trim() };
}

test("another process that lives keeps everybody out, and one that was killed nobody", async () => {
  const folder = here.make();
  const { child, says } = await holder(folder);
  expect(says).toBe("mine");
  expect(takeLock(folder)).toBe(`process ${child.pid}`);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(takeLock(folder)).toBeUndefined();
  expect((await holder(folder)).says).toBe(`process ${process.pid}`);
});

test("a killed process is dead before its parent has noticed", async () => {
  const folder = here.make();
  const { child } = await holder(folder);
  child.kill("SIGKILL");
  // Nobody reaps it while this goes round.
  let rounds = 0;
  while (takeLock(folder) !== undefined && rounds < 100_000) rounds += 1;
  expect(rounds).toBeLessThan(100_000);
});

test("of several that find a dead owner, one follows", async () => {
  const folder = here.make();
  const first = await holder(folder);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => holder(folder)));
  expect(all.filter(({ says }) => says === "mine")).toHaveLength(1);
});

test("a process that has the number of a dead one is not taken for it", () => {
  const folder = here.make();
  expect(takeLock(folder)).toBeUndefined();
  const [name] = readdirSync(folder);
  const mine = readlinkSync(join(folder, name!));
  const [pid, started, boot] = mine.split(" ");
  expect(pid).toBe(String(process.pid));
  const others = [
    `${pid} ${Number(started) - 1} ${boot}`,
    `${pid} ${started} another-boot`,
    "nobody",
    "",
    "1.5 x",
    "-1",
  ];
  for (const [at, owner] of others.entries()) {
    const stale = here.make();
    symlinkSync(owner === "" ? " " : owner, join(stale, `lock-${at + 1}`));
    expect(takeLock(stale), owner).toBeUndefined();
  }
});

test("the number never falls, so that nobody who looked long ago takes one that others have been through", () => {
  const folder = here.make();
  for (let turns = 1; turns <= 3; turns++) {
    expect(takeLock(folder)).toBeUndefined();
    releaseLock(folder);
    expect(readdirSync(folder)).toEqual([`lock-${2 * turns}`]);
  }
});
