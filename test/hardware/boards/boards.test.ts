import { describe, expect, it, test } from "vitest";
import type { Board } from "../../../hardware/boards/board.ts";
import { boardNamed, boards } from "../../../hardware/boards/boards.ts";
import { GATT_VALUE_SIZE_MAX, MTU_MIN } from "../../../protocol/core/limits.ts";
import { filesIn, textOf } from "../../architecture/tree.ts";

const all: readonly Board[] = Object.values(boards);

test("there are two nRF52840 boards and two of Espressif's, each with names of its own", () => {
  expect(all.map((board) => board.chip).sort()).toEqual(["ESP32", "ESP32-C3", "nRF52840", "nRF52840"]);
  expect(new Set(all.map((board) => board.name)).size).toBe(all.length);
  expect(new Set(all.map((board) => board.platform)).size).toBe(all.length);
  for (const board of all) expect(boardNamed(board.name)).toBe(board);
  expect(boardNamed("abacus")).toBeUndefined();
});

describe.each(all.map((board) => [board.name, board] as const))("%s", (name, board) => {
  it("has a file of its own and its lines in the page about boards", () => {
    expect(filesIn("hardware/boards")).toContain(`hardware/boards/${name}.ts`);
    const page = textOf("docs/boards.md");
    for (const words of [name, board.platform, board.pins.transmit, board.pins.receive]) expect(page).toContain(words);
  });

  it("says how it is wired, flashed and revived, in whole sentences", () => {
    expect(board.wirings.length).toBeGreaterThan(0);
    for (const { words } of board.wirings) expect(words).toMatch(/^[A-Z3].{20,}\.$/);
    expect(board.wirings.some((wiring) => wiring.kind === "piHeader")).toBe(true);
    expect(board.recovery).toMatch(/(?:button|switch).*\.$/i);
    expect(board.flash.imageSizeMax).toBeLessThan(board.flash.bytes);
    const { method } = board.flash;
    if (method.kind === "uf2") expect(method.bases.s140v6).toBeLessThan(method.bases.s140v7);
    if (method.kind === "esptool") expect(method.chip).toBe(board.chip);
  });

  it("drives the reset lines of a bridge low, and touches none where there is no bridge", () => {
    const level = board.wirings.some((wiring) => wiring.kind === "bridge") ? "low" : "unconnected";
    expect(board.line).toEqual({ dtr: level, rts: level });
  });

  it("opens at a rate that it offers, 230400 on an nRF52, and its fastest outpaces its JavaScript", () => {
    expect([...board.bauds].sort((a, b) => a - b)).toEqual([...board.bauds]);
    expect(board.bauds).toContain(board.baud);
    if (board.chip === "nRF52840") expect([board.baud, board.bauds.at(-1)]).toEqual([230_400, 1_000_000]);
    const packetOnTheWireMs = (GATT_VALUE_SIZE_MAX * 10_000) / board.bauds.at(-1)!;
    expect(packetOnTheWireMs).toBeLessThan(board.packetMs);
  });

  it("has a radio whose numbers agree with each other", () => {
    const { ble } = board;
    expect(ble.dualProved).toBe(false);
    expect([ble.linksAsServer, ble.linksAsClient].every((count) => count >= 1 && count <= 9)).toBe(true);
    expect(ble.intervalMinMs).toBeLessThanOrEqual(ble.intervalMaxMs);
    expect(ble.supervisionMs).toBeGreaterThan(2 * ble.intervalMaxMs);
    expect(ble.mtuMax).toBeGreaterThan(MTU_MIN);
    expect(ble.stackQueue).toBeGreaterThanOrEqual(ble.packetsPerEvent ?? 1);
    expect(ble.rssiAsServer).toBe(false);
    expect(ble.cancel).toBe(board.chip === "nRF52840");
    const { "1M": slow, "2M": fast, codedS8: far } = ble.sensitivityDbm;
    expect(slow).toBeLessThan(-85);
    if (fast !== undefined) expect(fast).toBeGreaterThan(slow!);
    if (far !== undefined) expect(far).toBeLessThan(slow!);
    if (board.chip === "ESP32") expect(ble.sensitivityDbm).toEqual({ "1M": slow });
  });

  it("gives XS the memory that its manifest names", () => {
    const { memory } = board;
    if (memory.kind === "block") expect(memory.bytes).toBe(board.chip === "nRF52840" ? 131_072 : 94_208);
    else expect([memory.chunkBytes, memory.heapSlots, memory.stackSlots]).toEqual([78_848, 4928, 512]);
  });

  it("claims no trial that nobody made", () => expect(board.triedOnHardware).toBe(false));
});
