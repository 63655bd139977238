import { afterAll, expect, it } from "vitest";
import { ptyHelper } from "../../../hardware/virtual/fronts/pty-helper.ts";
import { folders } from "../storage/folders.ts";
import { serialTable } from "./serial-table.ts";

const here = folders();
afterAll(here.removeAll);

/** `npm run -s serial-table` pulls every radio, in a hundred rolls. */
it("four kiosks on serial lines play on while a cable is out, take it back under another number, and have one state", async () => {
  const helper = await ptyHelper();
  expect(helper, "it takes a C compiler").toMatchObject({ ok: true, kind: "ours" });
  // A port of this process's own, so that two runs seldom meet; whoever has it is passed over.
  const port = 20_000 + ((process.pid + 10_000) % 20_000);
  const played = await serialTable({ where: here.make(), rolls: 3, pulls: [2], ringWithinMs: 2_000, port });
  expect(played.rolls).toBeGreaterThanOrEqual(3);
  expect(played.exits).toEqual([0, 0, 0, 0]);
  expect(new Set(played.digests).size).toBe(1);
  const [{ devices, words }] = played.pulled as [(typeof played.pulled)[number]];
  expect(devices[1]).not.toBe(devices[0]);
  expect(words).toMatch(/radio-3: (?:the device is gone|not there)/);
}, 240_000);
