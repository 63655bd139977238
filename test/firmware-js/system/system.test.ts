import { describe, expect, test } from "vitest";
import { checkFacts } from "../../../firmware-js/modem/facts.ts";
import { monotonic } from "../../../firmware-js/system/clock.ts";
import { boardFacts, radioConfig } from "../../../firmware-js/system/config.ts";
import { forget, keepLastWords, keepRole, type Preferences, recall } from "../../../firmware-js/system/memory.ts";
import type { Boot } from "../../../firmware-js/system/system-port.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { configOf } from "../../../hardware/images/firmware-manifest.ts";
import { peer } from "../modem/rig.ts";

describe("the clock", () => {
  test("goes on where thirty-two bits of ticks wrap, twice", () => {
    let tick = 0x7fffff00 | 0;
    const now = monotonic(() => tick);
    expect(now()).toBe(0);
    for (let step = 1; step <= 10_000; step++) {
      tick = (tick + 1_000_000) | 0;
      expect(now()).toBe(step * 1_000_000);
    }
  });

  test("goes on where the ticks of an nRF52 begin anew, after 48 days and a half", () => {
    let count = 2 ** 32 - 1024;
    const now = monotonic(() => Math.floor((count * 1000) / 1024) | 0);
    for (let second = 0; second < 4; second++) {
      expect(now()).toBe(second * 1_000);
      count = (count + 1024) % 2 ** 32;
    }
  });

  test("stands still when its ticks turn back", () => {
    let tick = 100;
    const now = monotonic(() => tick);
    tick = 90;
    expect(now()).toBe(0);
    tick = 105;
    expect(now()).toBe(5);
  });
});

/** The nRF52's: values of 63 B at most, the end of a text included. */
function flash(): Preferences & { writes: number } {
  const kept = new Map<string, string>();
  return {
    writes: 0,
    get: (domain, key) => kept.get(`${domain}/${key}`),
    set(domain, key, value) {
      if (value.length + 1 > 63) throw new Error("can't save prefs");
      this.writes += 1;
      kept.set(`${domain}/${key}`, value);
    },
    delete: (domain, key) => void kept.delete(`${domain}/${key}`),
  };
}

describe("what a radio keeps", () => {
  test("comes back after a restart", () => {
    const memory = flash();
    expect(recall(memory)).toEqual({ lastWords: "", storedRole: undefined });
    keepRole(memory, "client");
    keepLastWords(memory, "the stack did not get ready");
    expect(recall(memory)).toEqual({ lastWords: "the stack did not get ready", storedRole: "client" });
    forget(memory);
    expect(recall(memory)).toEqual({ lastWords: "", storedRole: undefined });
  });

  test("fits the nRF52 whatever is said, one byte a character", () => {
    const memory = flash();
    keepLastWords(memory, "ü😀\n".repeat(100));
    expect(recall(memory).lastWords).toMatch(/^\?{62}$/);
  });

  test("is not written again when it is the same", () => {
    const memory = flash();
    for (let i = 0; i < 10; i++) keepRole(memory, "server");
    expect(memory.writes).toBe(1);
  });

  test("is nothing where flash refuses, and that ends no radio", () => {
    const refuse = (): never => {
      throw new Error("can't save prefs");
    };
    const memory: Preferences = { get: refuse, set: refuse, delete: refuse };
    expect([keepRole(memory, "server"), keepLastWords(memory, "words"), forget(memory)]).toEqual([false, false, false]);
    expect(recall(memory)).toEqual({ lastWords: "", storedRole: undefined });
  });

  test("of another program's making is no role", () => {
    const memory = flash();
    memory.set("hardway", "role", "captain");
    expect(recall(memory).storedRole).toBeUndefined();
  });
});

describe("a build's configuration", () => {
  const boot: Boot = {
    boot: 1,
    reset: "powerOn",
    lastWords: "",
    storedRole: undefined,
    chip: new Uint8Array(8),
    address: peer(1),
  };

  test.each(Object.values(boards).map((board) => [board.name, board] as const))(
    "for %s makes facts that a modem accepts",
    (_name, board) => {
      const config = radioConfig({ radio: JSON.parse(JSON.stringify(configOf(board, "0123456789abcdef"))) });
      const facts = boardFacts(config, boot, false);
      checkFacts(facts);
      expect(facts.build).toEqual(Uint8Array.of(0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef));
      expect(facts).toMatchObject({ board: board.name, receiveSpace: board.receiveSpace, bauds: board.bauds });
      expect(facts.natives).toEqual({ deepSleep: 0, cancel: board.ble.cancel ? 1 : 0, parameters: 0, crc: 1 });
      expect(boardFacts(config, boot, true).natives).toMatchObject({ cancel: 1, parameters: 1 });
    },
  );

  test("that is missing says how a radio is built", () => {
    expect(() => radioConfig({})).toThrow("hardway firmware build");
    expect(() => radioConfig({ radio: { build: "new" } })).toThrow("sixteen hexadecimal digits");
  });
});
