import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { faultOf, linkArchive, prepare } from "../../../hardware/images/archive.ts";
import { buildFirmware, imageParts } from "../../../hardware/images/build.ts";
import { pinNumber } from "../../../hardware/images/firmware-manifest.ts";
import { readImage } from "../../../hardware/images/image.ts";
import { notRun } from "../../../hardware/images/not-run.ts";
import type { Run } from "../../../hardware/images/run.ts";
import { findModdable, findToolchain } from "../../../hardware/images/toolchain.ts";
import { repositoryRoot } from "../../xs/engine/root.ts";

const ALL = Object.values(boards).map((board) => [board.name, board] as const);

/** A project with the real firmware and its emitted modules, and room of its own for what is built. */
let root = "";
/** Folders that look like the SDK and the vendors' kits. */
let environment: NodeJS.ProcessEnv = {};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hardway-images-"));
  symlinkSync(join(repositoryRoot, "firmware-js"), join(root, "firmware-js"), "dir");
  mkdirSync(join(root, "build"));
  for (const name of ["firmware-js", "protocol"]) {
    symlinkSync(join(repositoryRoot, "build", name), join(root, "build", name), "dir");
  }
  const sdk = join(root, "sdk");
  const host = process.platform === "darwin" ? "mac" : "lin";
  for (const folder of ["modules", "tools", `build/bin/${host}/release`])
    mkdirSync(join(sdk, folder), { recursive: true });
  writeFileSync(join(sdk, "build/bin", host, "release/mcconfig"), "");
  writeFileSync(join(sdk, "tools/VERSION"), "8.2.3\n");
  mkdirSync(join(root, "nordic/components/softdevice"), { recursive: true });
  mkdirSync(join(root, "arm/bin"), { recursive: true });
  writeFileSync(join(root, "arm/bin/arm-none-eabi-gcc"), "");
  mkdirSync(join(root, "idf"));
  writeFileSync(join(root, "idf/export.sh"), "");
  environment = {
    MODDABLE: sdk,
    NRF_SDK_DIR: join(root, "nordic"),
    NRF52_GCC_ROOT: join(root, "arm"),
    IDF_PATH: join(root, "idf"),
  };
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Plays mcconfig, make and the compiler: `leave` writes what they would. */
function playing(
  leave: (command: string, values: readonly string[]) => void,
  output = "",
): { run: Run; ran: string[] } {
  const ran: string[] = [];
  const run: Run = async (command, values) => {
    ran.push([command.split("/").at(-1), ...values].join(" "));
    leave(command, values);
    return { status: 0, output };
  };
  return { run, ran };
}

const leaveImage = (board: (typeof ALL)[number][1]) => (command: string, values: readonly string[]) => {
  if (!command.endsWith("mcconfig")) return;
  const folder = join(values[values.indexOf("-o") + 1], "bin", board.platform, "release", "radio");
  mkdirSync(folder, { recursive: true });
  for (const { name } of imageParts(board)) writeFileSync(join(folder, name), `${name} of ${board.name}`);
};

describe.each(ALL)("a build for %s", (_name, board) => {
  test("names every file that exists, and all that the firmware imports", () => {
    const prepared = prepare(board, root, false);
    if (!prepared.ok) throw new Error(prepared.why);
    const { modules, preload, include } = prepared.manifest;
    for (const path of [...Object.values(modules).map((each) => `${each}.js`), ...include]) {
      expect(existsSync(path), path).toBe(true);
    }
    expect(Object.keys(modules)).toContain("firmware-js/main");
    expect([...preload].sort()).toEqual(Object.keys(modules).sort());
    expect(Object.keys(modules).filter((name) => name.includes("test"))).toEqual([]);
    // An envelope is bytes to a radio.
    expect(Object.keys(modules).filter((name) => /envelope|protocol\/message/.test(name))).toEqual([]);
    expect(JSON.parse(readFileSync(prepared.path, "utf8"))).toEqual(prepared.manifest);
  });

  test("drives mcconfig and places an image that a flasher accepts, named by its build", async () => {
    const { run, ran } = playing(leaveImage(board));
    const built = await buildFirmware(board, { root, environment, run });
    if (!built.ok) throw new Error(`${built.why}: ${built.next}`);
    expect(ran[0]).toBe("tsc -b firmware-js");
    expect(ran[1]).toMatch(new RegExp(`^mcconfig -m -p ${board.platform} -t build -o `));
    expect(built.folder).toBe(join(root, "images", `${board.name}-${built.manifest.build}`));
    expect(await readImage(built.folder)).toMatchObject({
      ok: true,
      image: { manifest: { board: board.name, chip: board.chip, sdk: "Moddable 8.2.3" } },
    });
    const prepared = prepare(board, root, false);
    expect(prepared.ok && prepared.manifest.config.radio.build).toBe(built.manifest.build);
  });

  test("fails when a file of the manifest is missing, which mcconfig itself takes for a warning", async () => {
    const { run } = playing(leaveImage(board), "### warning: no modules match: firmware-js/bleservices/*\n");
    const built = await buildFirmware(board, { root, environment, run });
    expect(built).toMatchObject({ ok: false, why: expect.stringContaining("no modules match") });
    expect(existsSync(join(root, "images"))).toBe(false);
  });

  test("fails when mcconfig says that all is well and leaves nothing", async () => {
    const { run } = playing(() => {});
    const built = await buildFirmware(board, { root, environment, run });
    expect(built).toMatchObject({ ok: false, why: `the build for ${board.name} left no ${imageParts(board)[0].name}` });
  });

  test("with native calls is another build, with other modules behind the same names", () => {
    const [plain, native] = [prepare(board, root, false), prepare(board, root, true)];
    if (!plain.ok || !native.ok) throw new Error("not built");
    expect(Object.keys(native.manifest.modules)).toEqual(Object.keys(plain.manifest.modules));
    expect(native.manifest.modules["firmware-js/native/stack-calls"]).toMatch(/stack-calls-native$/);
    expect(native.manifest.config.radio.build).not.toBe(plain.manifest.config.radio.build);
    expect(native.manifest.include).toHaveLength(2);
  });
});

describe("the firmware's own manifest", () => {
  const own = JSON.parse(readFileSync(join(repositoryRoot, "firmware-js/manifest.json"), "utf8"));

  test("has the memory of each board's facts", () => {
    const { platforms } = own;
    expect(platforms.nrf52.creation.static).toBe((boards.nrf52.memory as { bytes: number }).bytes);
    expect(platforms["esp32/esp32c3"].creation.static).toBe((boards.esp32c3.memory as { bytes: number }).bytes);
    const { chunk, heap, stack } = platforms["esp32/nodemcu"].creation;
    const split = { chunkBytes: chunk.initial, heapSlots: heap.initial, stackSlots: stack };
    expect(boards.esp32.memory).toMatchObject(split);
    expect(own.defines.task.queueLength).toBe(64);
  });

  test("includes a manifest of the SDK for each of its modules that the firmware imports", () => {
    const prepared = prepare(boards.nrf52, root, false);
    if (!prepared.ok) throw new Error(prepared.why);
    const imported = Object.values(prepared.manifest.modules).flatMap((path) =>
      [...readFileSync(`${path}.js`, "utf8").matchAll(/^import [^;]*? from "([^."][^"]*)"/gm)].map((match) => match[1]),
    );
    // mcconfig makes mc/config; every platform's base has time, timer and preference.
    const known: { readonly [module: string]: string } = {
      bleserver: "ble/manifest_server",
      bleclient: "ble/manifest_client",
      btutils: "ble/manifest_client",
      "embedded:io/serial": "io/serial/manifest",
      crc: "data/crc/manifest",
      "mc/config": "manifest_base",
      preference: "manifest_base",
      time: "manifest_base",
      timer: "manifest_base",
    };
    expect([...new Set(imported)].sort()).toEqual(Object.keys(known).sort());
    for (const needed of Object.values(known)) expect(own.include.join(" ")).toContain(needed);
  });
});

test("pins are found by their names", () => {
  expect(["P0.31", "TX (GPIO21)", "TX (P0.24)", "P1.02"].map(pinNumber)).toEqual([31, 21, 24, 34]);
});

describe("what is missing", () => {
  const without = (...names: readonly string[]): NodeJS.ProcessEnv =>
    Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));

  test("is said with what to install", () => {
    expect(findModdable({})).toMatchObject({ ok: false, why: "MODDABLE is not set" });
    expect(findModdable({ MODDABLE: root })).toMatchObject({
      ok: false,
      why: expect.stringContaining("no Moddable SDK"),
    });
    rmSync(join(root, "sdk/build"), { recursive: true });
    expect(findModdable(environment)).toMatchObject({ ok: false, next: expect.stringContaining("run: make -C ") });
  });

  test.each([
    ["nrf52/dk", "NRF_SDK_DIR"],
    ["esp32/nodemcu", "IDF_PATH"],
  ] as const)("for %s includes %s", (platform, name) => {
    expect(findToolchain(platform, environment)).toMatchObject({ ok: true });
    expect(findToolchain(platform, without(name))).toMatchObject({ ok: false, why: `${name} is not set` });
    expect(findToolchain(platform, { ...environment, [name]: join(root, "none") })).toMatchObject({ ok: false });
  });

  test("of the compiled firmware names the command", () => {
    rmSync(join(root, "build", "protocol"));
    expect(prepare(boards.nrf52, root, false)).toMatchObject({ ok: false, next: "run: npx tsc -b" });
  });

  test("is told by a test run, and nothing when all is there", () => {
    expect(notRun({})).toEqual([expect.stringMatching(/^not run: mcconfig for nrf52\/dk, .*MODDABLE is not set/)]);
    expect(notRun(environment)).toEqual([]);
  });
});

describe("an archive", () => {
  test("that was not linked is a failure with the last words of who failed", async () => {
    const run: Run = async (command) => ({ status: command.endsWith("tsc") ? 0 : 2, output: "one\ntwo\nthree" });
    expect(await linkArchive(boards.esp32, { root, environment, run })).toMatchObject({
      ok: false,
      why: "mcconfig for esp32-nodemcu: it ended with 2",
      next: expect.stringContaining("three"),
    });
  });

  test("is not linked where the SDK's types are others than the firmware's", async () => {
    const run: Run = async () => ({ status: 1, output: "main.ts(1,1): error TS2345" });
    expect(await linkArchive(boards.nrf52, { root, environment, run })).toMatchObject({
      ok: false,
      why: "checking types against the SDK's for nrf52-dk: it ended with 1",
    });
  });

  test("that is not there although everybody said so is one too", async () => {
    const { run } = playing(() => {});
    expect(await linkArchive(boards.nrf52, { root, environment, run })).toMatchObject({
      ok: false,
      why: expect.stringContaining("left no archive"),
    });
  });

  test("of a program that did not run to its end says so", () => {
    expect(faultOf("mcconfig", boards.nrf52, { status: undefined, output: "" })?.why).toContain(
      "did not run to its end",
    );
  });
});
