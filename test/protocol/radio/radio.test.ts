import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Codec, decode, encode } from "../../../protocol/bytes/codec.ts";
import {
  ADVERT_SIZE,
  CHUNK_SIZE_MAX,
  GATT_VALUE_SIZE_MAX,
  LINK_GENERATION_MAX,
  PACKET_SIZE_MAX,
  SERIAL_PACKET_SIZE_MAX,
  WHOLE_OVERHEAD,
} from "../../../protocol/core/limits.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import { Command, commandClass } from "../../../protocol/radio/command.ts";
import { Advert } from "../../../protocol/radio/fields.ts";
import { generations, nextGeneration } from "../../../protocol/radio/generation.ts";
import { Report, reportClass } from "../../../protocol/radio/report.ts";
import { fromHex, fromJson, type Json, toHex } from "../message/json-value.ts";
import { commands, reports } from "./examples.ts";

interface Vector {
  readonly name: string;
  readonly layout: "Command" | "Report";
  readonly hex: string;
  readonly value: Json;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL("../../vectors/radio.json", import.meta.url), "utf8"),
);

describe("commands and reports", () => {
  it("each has its golden vector, and the bytes it always had", () => {
    expect(vectors.map((vector) => vector.name)).toEqual([...Object.keys(commands), ...Object.keys(reports)]);
    for (const { name, layout, hex, value: json } of vectors) {
      const codec = (layout === "Command" ? Command : Report) as Codec<unknown>;
      const value = fromJson(json);
      const example: unknown = layout === "Command" ? commands[name as never] : reports[name as never];
      expect(value, name).toEqual(example);
      expect(toHex(encode(codec, value)), name).toBe(hex);
      expect(decode(codec, fromHex(hex)), name).toEqual({ ok: true, value });
    }
  });

  it("a byte cut off or left over is refused, in every one of them", () => {
    for (const { name, layout, hex } of vectors) {
      if (["send", "received", "echo"].includes(name)) continue;
      const codec = (layout === "Command" ? Command : Report) as Codec<unknown>;
      const bytes = fromHex(hex);
      expect(decode(codec, bytes.subarray(0, -1)), name).toMatchObject({ ok: false });
      expect(decode(codec, Uint8Array.of(...bytes, 0)), name).toMatchObject({ ok: false, why: "left over" });
    }
  });

  it("what carries a packet keeps its class, and a radio's own news are never behind it", () => {
    for (const packetClass of [0, 1, 2, 3]) {
      expect(commandClass({ ...commands.send, class: packetClass })).toBe(packetClass);
      expect(reportClass({ ...reports.received, class: packetClass })).toBe(packetClass);
    }
    expect(commandClass(commands.bar)).toBe(0);
    expect(reportClass(reports.linkDown)).toBe(0);
    expect(reportClass(reports.counters)).toBe(3);
  });

  it("the longest packet crosses with its head, and a whole fragment's payload in one serial frame [H10]", () => {
    const longest = { ...commands.send, link: linkGeneration(LINK_GENERATION_MAX), token: 0xffffff };
    expect(encode(Command, { ...longest, packet: new Uint8Array(PACKET_SIZE_MAX) }).length).toBeLessThanOrEqual(
      SERIAL_PACKET_SIZE_MAX,
    );
    const fragment = new Uint8Array(GATT_VALUE_SIZE_MAX - WHOLE_OVERHEAD);
    expect(encode(Command, { ...commands.send, packet: fragment }).length).toBeLessThanOrEqual(CHUNK_SIZE_MAX);
    expect(encode(Report, { ...reports.received, packet: fragment }).length).toBeLessThanOrEqual(CHUNK_SIZE_MAX);
  });

  it("an advertisement's service data takes ten bytes", () => {
    expect([Advert.sizeMin, Advert.sizeMax]).toEqual([ADVERT_SIZE, ADVERT_SIZE]);
  });
});

describe("link generations", () => {
  it("none is used twice within a boot, and running out ends the program rather than begin again", () => {
    const from = generations();
    const seen = new Set(Array.from({ length: 1000 }, () => nextGeneration(from)));
    expect(seen.size).toBe(1000);
    from.next = LINK_GENERATION_MAX;
    expect(nextGeneration(from)).toBe(LINK_GENERATION_MAX);
    expect(() => nextGeneration(from)).toThrow("a boot ends before its generations do");
  });
});
