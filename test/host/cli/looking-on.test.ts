/** A kiosk that only looks on at the table of two others, as programs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { folders } from "../storage/folders.ts";
import { inside } from "./inside.ts";
import { asked, endAll, type Pair, pairAt, type RunningProgram, runProgram, SECRET, until } from "./kiosk-pair.ts";
import { hardway } from "./program.ts";

const here = folders();
const running: RunningProgram[] = [];
let pair: Pair;
beforeAll(async () => {
  pair = await pairAt(here.make(), 20_000 + ((process.pid + 5_000) % 20_000));
  const [ann, ben] = pair.kiosks;
  await on(0, "table", "create", `${ben!.key}=Ben`);
  await on(1, "table", "join", join(ann!.folder, "table.json"));
  for (const kiosk of [ann, ben]) running.push(await runProgram(kiosk!));
  await until(
    () => asked(running[0]!.url, "ready"),
    ({ isReady }) => isReady,
    60_000,
  );
}, 100_000);
afterAll(async () => {
  await endAll(pair, running);
  here.removeAll();
}, 30_000);

const on = (kiosk: number, ...words: string[]) => inside([...words, "--file", pair.kiosks[kiosk]!.file]);

it("it wants the secret and no identity, shows what the table agrees on, and orders nothing; it leaves by being stopped [H12]", async () => {
  const [ann, , cid] = pair.kiosks;
  const file = join(ann!.folder, "table.json");
  expect(await on(0, "table", "join", file, "--watch")).toMatchObject({
    ...{ exit: "failed", err: expect.stringMatching(/has founded that table/) },
  });
  expect(await on(2, "table", "join", file, "--watch")).toMatchObject({
    ...{ exit: "unsound", err: expect.stringMatching(/wants the table's secret/) },
  });
  expect(await on(2, "config", "set", "table.secret", SECRET)).toMatchObject({ exit: "done" });
  const joined = await hardway("table", "join", file, "--watch", "--file", cid!.file);
  expect(joined.status, joined.stderr).toBe(0);
  expect(await on(2, "table", "join", file)).toMatchObject({
    ...{ exit: "failed", err: expect.stringMatching(/only looks on at that table\.\nNext: hardway table leave/) },
  });

  running.push(await runProgram(cid!));
  const [player, onlooker] = [running[0]!.url, running[2]!.url];
  await until(
    () => asked(player, "api/order", { type: "sit" }),
    ({ ok, why }) => ok || why === "sits already",
    30_000,
  );
  const { view } = await until(
    () => asked(onlooker, "api/view"),
    ({ view }) => view.craps?.players.some((each: { name: string } | null) => each?.name === "Ann") === true,
    60_000,
  );
  expect([view.kiosk.member, view.members.length]).toEqual([null, 2]);
  expect(await asked(onlooker, "api/order", { type: "sit" })).toMatchObject({ ok: false, why: "no table" });
  expect(await on(2, "table", "leave")).toMatchObject({
    ...{ exit: "busy", err: expect.stringMatching(/only looks on\.\nNext: Stop it first/) },
  });

  running[2]!.child.kill("SIGTERM");
  expect(await running[2]!.ended).toBe(0);
  const left = await on(2, "table", "leave");
  expect(left).toMatchObject({ exit: "done", out: expect.not.stringMatching(/count it as a member/) });
  expect(existsSync(join(cid!.folder, "looks-on"))).toBe(false);
  expect((await asked(player, "api/view")).view.members).toHaveLength(2);
}, 200_000);
