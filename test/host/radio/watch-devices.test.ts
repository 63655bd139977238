import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { watchDevices } from "../../../host/radio/watch-devices.ts";
import { folders } from "../storage/folders.ts";
import { WarpClock } from "./warp-clock.ts";

const here = folders();
afterAll(here.removeAll);

it("a device that comes under its own name or by a link to it is looked at at once and again, and other files are nothing", async () => {
  const folder = here.make();
  const links = join(folder, "by-id");
  mkdirSync(links);
  const clock = new WarpClock();
  let looks = 0;
  let looked: () => void = () => {};
  const next = (): Promise<void> =>
    new Promise((done) => {
      looked = done;
    });
  const onChange = (): void => {
    looks += 1;
    looked();
  };
  const devices = [{ type: "serial", path: join(links, "radio") } as const];
  const stop = watchDevices(onChange, { devices, clock, folder });

  let came = next();
  writeFileSync(join(folder, "pts7"), "");
  writeFileSync(join(links, "another"), "");
  writeFileSync(join(folder, "ttyUSB3"), "");
  await came;
  const first = looks;
  // When its rights are set.
  await clock.run(1_500);
  expect(looks).toBe(first + 1);

  came = next();
  symlinkSync(join(folder, "ttyUSB3"), join(links, "radio"));
  await came;
  stop();
  const last = looks;
  await clock.run(5_000);
  expect(looks).toBe(last);
});
