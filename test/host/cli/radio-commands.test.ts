import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Air, hardway, virtualAir } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "hardway-commands-"));
const trace = join(folder, "wire.trace");
let air: Air;
let device = "";

beforeAll(async () => {
  air = virtualAir("esp32-nodemcu", "--front", "unix", "--at", folder);
  const ready = (await air.next()) as unknown as { radios: { board: string; device: string }[] };
  expect(ready).toEqual({
    type: "ready",
    radios: [{ board: "esp32-nodemcu", device: expect.stringContaining("unix:") }],
  });
  device = ready.radios[0].device;
});

afterAll(async () => {
  expect(await air.end()).toBe(0);
  // Its sockets went with it.
  expect(readdirSync(folder)).toEqual(["wire.trace"]);
  rmSync(folder, { recursive: true });
});

describe("commands with a radio", { timeout: 60_000 }, () => {
  it("doctor says of a good one what it is, and that it is well", async () => {
    const { status, stdout } = await hardway("doctor", device, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ device, kind: "healthy", next: "", hello: { board: "esp32-nodemcu" } });
  });

  it("monitor shows in words what crosses the wire", async () => {
    const { status, stdout } = await hardway("radio", "monitor", device, "--role", "server", "--seconds", "3");
    expect(status).toBe(0);
    expect(stdout).toMatch(/-> reset session=\d+/);
    expect(stdout).toMatch(/<- Critical hello .*board=esp32-nodemcu/);
    expect(stdout).toMatch(/<- High ready role=server/);
  });

  it("a trace is recorded, shown again, and answered alike by a virtual board of the kind", async () => {
    expect((await hardway("radio", "trace", "record", device, trace, "--seconds", "1")).status).toBe(0);
    expect(existsSync(trace) && readFileSync(trace, "utf8")).toMatch(/^\{"trace":1,/);
    const shown = await hardway("radio", "trace", "replay", trace);
    expect(shown.stdout).toMatch(/<- Critical hello/);
    const played = await hardway("radio", "trace", "replay", trace, "--to", "esp32-nodemcu");
    expect(played.status).toBe(0);
    expect(played.stderr).toMatch(/reports then, \d+ now, \d+ differences/);
    const nothing = await hardway("radio", "trace", "replay", join(folder, "none"));
    expect(nothing.status).toBe(3);
  });

  it("doctor tells a babbling one, a silent one and one that is not there apart, by words and by exit [I11]", async () => {
    air.tell("babble 1");
    const babbling = await hardway("doctor", device);
    expect([babbling.status, babbling.stdout]).toEqual([
      7,
      expect.stringMatching(/none of them made a frame[\s\S]*Next: /),
    ]);
    air.tell("silence 1");
    const silent = await hardway("doctor", device);
    expect([silent.status, silent.stdout]).toEqual([6, expect.stringMatching(/no byte comes[\s\S]*Next: /)]);
    air.tell("speak 1");
    const missing = await hardway("doctor", `${device}.other`);
    expect([missing.status, missing.stdout]).toEqual([3, expect.stringMatching(/not there[\s\S]*Next: /)]);
  });

  it("a line that the virtual air does not know is refused by name", async () => {
    air.tell("unplgu 1");
    for (let said = await air.next(); ; said = await air.next()) {
      if (said.type !== "refused") continue;
      expect(said.why).toBe('"unplgu" is not known; did you mean unplug?');
      break;
    }
  });
});
