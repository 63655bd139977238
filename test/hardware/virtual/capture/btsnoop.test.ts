import { describe, expect, test } from "vitest";
import type { AirSight } from "../../../../hardware/virtual/air/sights.ts";
import { snoop, snoopCapture, snooped, snoopHead } from "../../../../hardware/virtual/capture/btsnoop.ts";
import { SIGHTS, WATCHED } from "./sights.ts";

interface Entry {
  readonly atUs: number;
  readonly controller: number;
  readonly kind: number;
  readonly hex: string;
}

/** From year 0 to 1970, as the format counts. */
const EPOCH_US = 0x00dcddb30f2f8000n;

/** By the format's own description, and nothing of ours. */
function parse(file: Uint8Array): Entry[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  expect(Buffer.from(file.subarray(0, 8)).toString("latin1")).toBe("btsnoop\0");
  expect([view.getUint32(8), view.getUint32(12)]).toEqual([1, 2001]);
  const entries: Entry[] = [];
  for (let at = 16; at < file.length; ) {
    const size = view.getUint32(at);
    expect([view.getUint32(at + 4), view.getUint32(at + 12)]).toEqual([size, 0]);
    entries.push({
      atUs: Number(view.getBigUint64(at + 16) - EPOCH_US) - WATCHED.beganAt * 1000,
      controller: view.getUint16(at + 8),
      kind: view.getUint16(at + 10),
      hex: Buffer.from(file.subarray(at + 24, at + 24 + size)).toString("hex"),
    });
    at += 24 + size;
  }
  return entries;
}

function captured(sights: readonly AirSight[]): Entry[] {
  const capture = snoopCapture(WATCHED);
  const parts: Uint8Array[] = [snoopHead(capture)];
  for (const sight of sights) {
    snoop(capture, sight);
    parts.push(snooped(capture, sight.atUs));
  }
  parts.push(snooped(capture, Number.POSITIVE_INFINITY));
  expect(capture.links.size).toBe(0);
  return parse(Uint8Array.from(parts.flatMap((part) => [...part])));
}

const entry = (atUs: number, controller: number, kind: number, hex: string): Entry => ({ atUs, controller, kind, hex });
const [EVENT, SENT, RECEIVED] = [3, 4, 5];

describe("a capture for btmon", () => {
  const entries = captured(SIGHTS);

  test("begins with a controller for each radio, by address and name", () => {
    expect(entries.slice(0, 2)).toEqual([
      entry(0, 0, 0, `0000${"00000000dec0"}${"6863693000000000"}`),
      entry(0, 1, 0, `0000${"01000000dec0"}${"6863693100000000"}`),
    ]);
  });

  test("shows what each radio's host would see: reports, connections, values once each way, and how it ended", () => {
    const advert = "0201060d1677fd01000101010102020202";
    const connected = (role: string, peer: string): string => `3e1301000100${role}01${peer}28000000000100`;
    const notified = `${"fb00"}${"f7000400"}${"1b1400"}${"07".repeat(244)}`;
    expect(entries.slice(2)).toEqual([
      entry(100_000, 1, EVENT, `3e1d02010001${"00000000dec0"}11${advert}d5`),
      entry(200_000, 1, EVENT, connected("00", "00000000dec0")),
      entry(200_000, 0, EVENT, connected("01", "01000000dec0")),
      entry(201_250, 1, SENT, `${"0100"}0700${"03000400"}02f700`),
      entry(201_250, 0, RECEIVED, `${"0120"}0700${"03000400"}02f700`),
      // Broken once: it left once, and arrived with the second try.
      entry(251_250, 1, SENT, `${"0100"}0900${"05000400"}521200aabb`),
      entry(301_250, 0, RECEIVED, `${"0120"}0900${"05000400"}521200aabb`),
      entry(301_500, 0, SENT, `0100${notified}`),
      entry(351_500, 1, RECEIVED, `0120${notified}`),
      entry(401_600, 0, EVENT, "050400010013"),
      entry(401_600, 1, EVENT, "050400010016"),
    ]);
  });

  test("shows a value in several packets when the last of them has arrived", () => {
    const item = { kind: "value", bytes: new Uint8Array(300).fill(9) } as const;
    const packet = {
      type: "packet",
      link: 1,
      from: "client",
      channel: 1,
      event: 9,
      rssiDbm: 0,
      outcome: "heard",
    } as const;
    const parts: AirSight[] = [
      { ...packet, atUs: 400_100, part: { item, left: 307, size: 251 } },
      { ...packet, atUs: 400_200, part: { item, left: 56, size: 56 } },
    ];
    const shown = captured([...SIGHTS.slice(0, -3), ...parts, ...SIGHTS.slice(-3)]).filter(
      ({ hex }) => hex.length > 600,
    );
    expect(shown.map(({ atUs, kind }) => [atUs, kind])).toEqual([
      [400_100, SENT],
      [400_200, RECEIVED],
    ]);
  });

  test("names each end of a link by why it was lost", () => {
    const reasons = { remote: "13", ordered: "16", supervision: "08", failed: "3e" } as const;
    for (const [reason, code] of Object.entries(reasons)) {
      const sights = SIGHTS.map((sight) =>
        sight.type === "ended" ? { ...sight, reason: reason as keyof typeof reasons } : sight,
      );
      expect(captured(sights).at(-1)?.hex).toBe(`0504000100${code}`);
    }
  });
});
