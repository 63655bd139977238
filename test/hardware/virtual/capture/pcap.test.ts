import { describe, expect, test } from "vitest";
import { identifierOf } from "../../../../hardware/virtual/air/channel-selection.ts";
import type { AirSight } from "../../../../hardware/virtual/air/sights.ts";
import { accessOf, crc24, isAccessAddress } from "../../../../hardware/virtual/capture/link-layer.ts";
import { airCapture, pcapHead, sniff, sniffed } from "../../../../hardware/virtual/capture/pcap.ts";
import { LINKS_MAX } from "../../../../hardware/virtual/capture/watch.ts";
import { chance, draw32, drawBelow } from "../../../../protocol/core/chance.ts";
import { SIGHTS, WATCHED } from "./sights.ts";

interface Packet {
  readonly atUs: number;
  readonly radioChannel: number;
  readonly strengthDbm: number;
  readonly flags: number;
  readonly access: number;
  /** From the access address on. */
  readonly bytes: Uint8Array;
}

/** By the format's own description, and nothing of ours. */
function parse(file: Uint8Array): Packet[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  expect([view.getUint32(0, true), view.getUint16(4, true), view.getUint16(6, true)]).toEqual([0xa1b2c3d4, 2, 4]);
  expect(view.getUint32(20, true)).toBe(256);
  const packets: Packet[] = [];
  for (let at = 24; at < file.length; ) {
    const size = view.getUint32(at + 8, true);
    expect(view.getUint32(at + 12, true)).toBe(size);
    expect(view.getUint32(at + 4, true)).toBeLessThan(1_000_000);
    const from = at + 16;
    packets.push({
      atUs: (view.getUint32(at, true) - WATCHED.beganAt / 1000) * 1_000_000 + view.getUint32(at + 4, true),
      radioChannel: view.getUint8(from),
      strengthDbm: view.getInt8(from + 1),
      access: view.getUint32(from + 4, true),
      flags: view.getUint16(from + 8, true),
      bytes: file.subarray(from + 10, from + size),
    });
    at = from + size;
  }
  return packets;
}

function captured(sights: readonly AirSight[]): Packet[] {
  const capture = airCapture(WATCHED);
  const parts: Uint8Array[] = [pcapHead()];
  for (const sight of sights) {
    sniff(capture, sight);
    parts.push(sniffed(capture, sight.atUs));
  }
  parts.push(sniffed(capture, Number.POSITIVE_INFINITY));
  expect(capture.held).toEqual([]);
  return parse(Uint8Array.from(parts.flatMap((part) => [...part])));
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const isValid = ({ flags }: Packet): boolean => (flags & 0x0c00) === 0x0c00;

describe("a capture for Wireshark", () => {
  const packets = captured(SIGHTS);
  const [first, , , fourth, connect] = packets;
  const data = packets.slice(5);

  test("shows an advert on its three channels, with a CRC that Wireshark finds right", () => {
    const air = "d6be898e401700000000dec00201060d1677fd01000101010102020202" + "5d9b38";
    expect(packets.slice(0, 3).map(({ bytes }) => hex(bytes))).toEqual([air, air, air]);
    expect(packets.slice(0, 3).map(({ radioChannel, atUs }) => [radioChannel, atUs])).toEqual([
      [0, 100_000],
      [12, 100_450],
      [39, 100_900],
    ]);
    expect(first).toMatchObject({ access: 0x8e89bed6, flags: 0x0c13 });
  });

  test("shows the request to connect in its place: the advert it answers is said on one channel", () => {
    expect(fourth).toMatchObject({ atUs: 200_000, radioChannel: 0 });
    // Preamble to CRC of the advert, then the space between two frames.
    expect(connect.atUs).toBe(200_000 + (1 + 4 + 2 + 23 + 3) * 8 + 150);
    const { address, crc } = accessOf(1, { kind: 2, identifier: 0x63aa });
    const view = new DataView(connect.bytes.buffer, connect.bytes.byteOffset);
    expect(hex(connect.bytes.subarray(4, 18))).toBe("e52201000000dec000000000dec0");
    expect(view.getUint32(18, true)).toBe(address);
    expect(view.getUint32(22, true) & 0xffffff).toBe(crc);
    expect(hex(connect.bytes.subarray(25, 40))).toBe("01000028000000" + "0001" + "ffffffff1f" + "05");
    expect(data.every(({ access }) => access === address)).toBe(true);
    expect(identifierOf(address)).toBe(0x63aa);
  });

  test("shows what each end says as attribute protocol, and procedures of the link layer as such", () => {
    const pdus = data.map(({ bytes }) => hex(bytes.subarray(4, -3)).slice(2));
    expect(pdus).toEqual([
      `07${"03000400"}${"02f700"}`,
      "00",
      `09${"05000400"}${"521200aabb"}`,
      "00",
      `09${"05000400"}${"521200aabb"}`,
      `09${"05000400"}${"521200aabb"}`,
      `fb${"f7000400"}${"1b1400"}${"07".repeat(244)}`,
      "0202" + "13",
    ]);
    const llid = data.map(({ bytes }) => bytes[4] & 3);
    expect(llid).toEqual([2, 1, 2, 1, 2, 2, 2, 3]);
  });

  test("marks what came broken, leaves out what was not heard, and counts sequences by the standard", () => {
    expect(data.map(isValid)).toEqual([true, true, false, true, true, true, true, true]);
    // Next expected and sequence: what was broken, or not acknowledged, is said again under the same number.
    const client = (...bits: number[]): number[] => bits;
    const server = client;
    expect(data.map(({ bytes }) => [(bytes[4] >> 2) & 1, (bytes[4] >> 3) & 1])).toEqual([
      ...[client(0, 0), server(1, 0)],
      ...[client(1, 1), server(1, 0)],
      ...[client(1, 1)],
      ...[client(1, 1), server(0, 1)],
      ...[client(0, 0)],
    ]);
    for (const { bytes, access } of data) {
      const { crc } = accessOf(1, { kind: 2, identifier: 0x63aa });
      expect(access).toBe(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
      const right = crc24(bytes.subarray(4, -3), crc).join() === [...bytes.subarray(-3)].join();
      expect(right).toBe(bytes !== data[2].bytes);
    }
  });

  test("names channels by their frequency, both directions, and the strength at the hearer", () => {
    // 2402 MHz and 2 MHz a step; advertising takes 0, 12 and 39.
    expect(data.map(({ radioChannel }) => radioChannel)).toEqual([11, 11, 13, 13, 38, 1, 1, 6]);
    expect(data.map(({ flags }) => (flags >> 7) & 7)).toEqual([2, 3, 2, 3, 2, 2, 3, 2]);
    expect(new Set(data.map(({ strengthDbm }) => strengthDbm))).toEqual(new Set([-50]));
  });

  test("tells the physical layer, and the slow one's coding before the packet", () => {
    for (const [phy, flag, coding] of [
      ["2M", 1, ""],
      ["codedS2", 2, "01"],
      ["codedS8", 2, "00"],
    ] as const) {
      const sights = SIGHTS.map((sight) => (sight.type === "begun" ? { ...sight, phy } : sight));
      const [, , , , , request] = captured(sights);
      expect(request.flags >> 14).toBe(flag);
      expect(hex(request.bytes.subarray(4)).startsWith(`${coding}0207`)).toBe(true);
    }
  });

  test("is in the order of time, however late a sight comes", () => {
    const late: AirSight[] = [
      { type: "advert", atUs: 30_000, node: 0, data: Uint8Array.of() },
      { type: "advert", atUs: 10_000, node: 1, data: Uint8Array.of() },
    ];
    const times = captured(late).map(({ atUs }) => atUs);
    expect(times).toEqual([10_000, 10_450, 10_900, 30_000, 30_450, 30_900]);
  });

  test("forgets links that are over", () => {
    const capture = airCapture(WATCHED);
    for (const sight of SIGHTS) sniff(capture, sight);
    expect(capture.links.size).toBe(0);
    // A radio that starts afresh never says that its links are over.
    const begun = SIGHTS.filter((sight) => sight.type === "begun");
    for (let link = 1; link <= 2 * LINKS_MAX; link++) for (const sight of begun) sniff(capture, { ...sight, link });
    expect([...capture.links.keys()][0]).toBe(LINKS_MAX + 1);
    expect(capture.links.size).toBe(LINKS_MAX);
    sniff(capture, SIGHTS[5]);
    expect(sniffed(capture, Number.POSITIVE_INFINITY).length).toBeGreaterThan(0);
  });
});

describe("an access address", () => {
  test("keeps the standard's bounds, and names its link's channels", () => {
    const random = chance(1);
    const seen = new Set<number>();
    for (let link = 1; link < 300; link++) {
      const identifier = drawBelow(random, 0x10000);
      const { address } = accessOf(link, { kind: 2, identifier });
      expect(isAccessAddress(address)).toBe(true);
      expect(identifierOf(address)).toBe(identifier);
      seen.add(accessOf(link, { kind: 1, hop: 5 }).address);
    }
    expect(seen.size).toBe(299);
  });

  test("is not what advertising uses, one bit off it, or too even", () => {
    for (const bad of [
      0x8e89bed6, 0x8e89bed7, 0x0e89bed6, 0x00000000, 0x71717171, 0x8e00bed6, 0x55555555, 0x01234567,
    ]) {
      expect([bad.toString(16), isAccessAddress(bad)]).toEqual([bad.toString(16), false]);
    }
    expect(isAccessAddress(0xe9a78993)).toBe(true);
    const random = chance(2);
    let good = 0;
    for (let i = 0; i < 1000; i++) if (isAccessAddress(draw32(random))) good += 1;
    expect(good).toBeGreaterThan(300);
  });
});
