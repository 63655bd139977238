import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { realDisk } from "../../../hardware/flash/disk.ts";
import { flash } from "../../../hardware/flash/flash.ts";
import { parseInfoUf2 } from "../../../hardware/flash/info-uf2.ts";
import { FLASH_CODES } from "../../../hardware/flash/result.ts";
import { openFault, serialLoaderPort } from "../../../hardware/flash/serial-port.ts";
import { toolOnPath } from "../../../hardware/machine/tool-on-path.ts";
import { realClock } from "../../../hardware/virtual/fronts/clock.ts";
import { openPtyFront } from "../../../hardware/virtual/fronts/pty-front.ts";
import { textOf } from "../../architecture/tree.ts";
import { imageOf, temporaryFolder } from "./pictures.ts";

describe("a serial port", () => {
  test.each([
    ["Error: Resource temporarily unavailable Cannot lock port", "port busy"],
    ["Opening COM7: Access denied", "port busy"],
    ["Error: Permission denied, cannot open /dev/ttyUSB0", "port forbidden"],
    ["Error: No such file or directory, cannot open /dev/ttyUSB0", "no port"],
    ["Unknown error code 31", "no port"],
  ])("that cannot be opened for %j is a %s, with what to try", (message, code) => {
    const fault = openFault("/dev/ttyUSB0", message);
    expect(fault.code).toBe(code);
    expect(fault.why).toContain(message);
    expect(fault.next).toMatch(/hardway (?:doctor \/dev\/ttyUSB0|radio list)/);
  });

  test("that is not there is refused by the system itself, and closes all the same", async () => {
    const port = serialLoaderPort(join(temporaryFolder(), "ttyNOWHERE"));
    const opened = await port.open(115_200, { bytes: () => {}, lost: () => {} });
    expect(opened).toMatchObject({ ok: false, code: "no port" });
    await expect(port.setLines(false, false)).rejects.toThrow(/is gone/);
    await expect(port.write(Uint8Array.of(1))).rejects.toThrow(/is gone/);
    await port.close();
  });

  test("without control lines, as a header's, is flashed all the same: a person presses the buttons", async () => {
    const path = join(temporaryFolder(), "pty");
    const nobody = { onOpened() {}, onBytes() {}, onClosed() {}, onBaud() {}, onLost() {}, onFault() {} };
    const pty = await openPtyFront(path, nobody, realClock);
    if (!pty.ok) throw new Error(`${pty.why}; ${pty.next}`);
    const port = serialLoaderPort(path);
    expect(await port.open(115_200, { bytes: () => {}, lost: () => {} })).toEqual({ ok: true });
    await expect(port.setLines(true, false)).resolves.toBeUndefined();
    await port.close();
    await pty.front.close();
  });
});

describe("a board that only its vendor's tool writes", () => {
  const board = boards.nrf52;
  const bytes = new TextEncoder().encode(":00000001FF\n");
  const order = async () => ({ board, image: await imageOf(board, [{ name: "xs_nrf52.hex", kind: "hex", bytes }]) });

  test("gets the command for this very file, which keeps the SoftDevice, verifies and restarts", async () => {
    const { image, ...rest } = await order();
    const result = await flash({ image, ...rest }, { disk: realDisk, findTool: async () => "/opt/nrfutil" });
    expect(result).toMatchObject({ ok: false, code: "needs vendor tool", written: "nothing" });
    if (result.ok) return;
    expect(result.why).toContain("/opt/nrfutil");
    expect(result.next).toContain(`--firmware "${join(image.folder, "xs_nrf52.hex")}"`);
    expect(result.next).toMatch(/ERASE_RANGES_TOUCHED_BY_FIRMWARE,verify=VERIFY_READ,reset=RESET_SYSTEM/);
  });

  test("says to install the tool first, where it is missing", async () => {
    const result = await flash(await order(), { disk: realDisk, findTool: async () => undefined });
    expect(result).toMatchObject({ code: "needs vendor tool", next: expect.stringMatching(/^Install nrfutil/) });
  });

  test("which is found on the PATH, if it may be run", async () => {
    const [empty, folder] = [temporaryFolder(), temporaryFolder()];
    const path = ["", empty, folder].join(delimiter);
    const tool = join(folder, "nrfutil");
    writeFileSync(tool, "");
    chmodSync(tool, 0o755);
    expect(toolOnPath("nrfutil", path)).toBe(tool);
    expect(toolOnPath("nrfutil", empty)).toBeUndefined();
    expect(toolOnPath("mergehex", path)).toBeUndefined();
  });
});

describe("INFO_UF2.TXT", () => {
  const head = "UF2 Bootloader 0.2.6 lib/nrfx (v1.1.0) s140 6.1.1\r\nModel: Adafruit Feather\r\nBoard-ID: NRF52-v0\r\n";

  test("names board and SoftDevice, of bootloaders old and new", () => {
    const expected = { boardId: "NRF52-v0", model: "Adafruit Feather" };
    const softDevice = { name: "S140 6.1.1", major: 6 };
    expect(parseInfoUf2(`${head}Bootloader: s140 6.1.1\r\nDate: Dec 21 2018\r\n`)).toEqual({ ...expected, softDevice });
    expect(parseInfoUf2(`${head}SoftDevice: S140 6.1.1\r\n`)).toEqual({ ...expected, softDevice });
    expect(parseInfoUf2(`${head}SoftDevice: S140 7.2.0\r\nBootloader: Moddable 8.3\r\n`)).toEqual({
      ...expected,
      softDevice: { name: "S140 7.2.0", major: 7 },
    });
  });

  test("may name no SoftDevice, and may be another text", () => {
    expect(parseInfoUf2(`${head}SoftDevice: not found\r\n`)?.softDevice).toBeUndefined();
    for (const text of ["", "hello", "UF2 Bootloader 1.0\r\n", "Board-ID: x\r\n"]) {
      expect(parseInfoUf2(text)).toBeUndefined();
    }
  });
});

test("every name of a refusal has its line in the page about flashing, and no other name has", () => {
  const page = textOf("docs/flashing.md").split("## How it ends")[1];
  const rows = [...page.matchAll(/^\| `([^`]+)` +\| `([^`]+)` +\| (.+) \|$/gm)].map(([, ...row]) => row);
  expect(rows).toEqual(Object.entries(FLASH_CODES).map(([code, { exit, about }]) => [code, exit, about]));
});

test("every board has its part of that page, with its buttons and its tool", () => {
  const page = textOf("docs/flashing.md");
  for (const board of Object.values(boards)) expect(page).toContain(`\`${board.name}\``);
  const { method } = boards.itsybitsy.flash;
  for (const { boardId, volume } of method.kind === "uf2" ? method.bootloaders : []) {
    expect(page).toMatch(new RegExp(`^\\| \`${boardId}\` +\\| \`${volume}\` `, "m"));
  }
});
