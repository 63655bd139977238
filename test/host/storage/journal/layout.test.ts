import { expect, test } from "vitest";
import { imageOf } from "../../../../host/storage/journal/generation.ts";
import { Group } from "../../../../host/storage/journal/group.ts";
import { FILE_HEAD_SIZE, RECORD_HEAD_SIZE } from "../../../../host/storage/journal/layout.ts";
import { judgeFile } from "../../../../host/storage/journal/read-file.ts";
import { bytesOf, texts } from "./opening.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("the bytes of a file of version 1 are these, for kiosks in the field have them", () => {
  const records = [bytesOf("first"), new Uint8Array(0)];
  const image = imageOf({ generation: 7, base: 2 ** 33 + 5, isDamaged: true, salt: 0xfedcba98, records });
  const group = new Group(new Uint8Array(0));
  const seeds = { ...image.seeds, records: 0x01020304 };
  group.putSeed(2 ** 33 + 7, seeds);
  group.put(bytesOf("later"), 2 ** 33 + 8, 2 ** 33 + 8, seeds);
  const bytes = new Uint8Array([...image.bytes, ...group.bytes]);
  expect([FILE_HEAD_SIZE, RECORD_HEAD_SIZE]).toEqual([29, 25]);
  const lines = [
    "48574a4c 0001 00000007 000200000005 00000002 01 fedcba98 3caa1fe3",
    "00 00000005 000200000005 000200000005 5263b5d8 a803a516 6669727374",
    "00 00000000 000200000006 000200000005 3caa1fe3 652bbf23",
    "01 00000000 000200000007 000200000007 01020304 4c8cb63f",
    "00 00000005 000200000008 000200000008 11a95e48 c31b7186 6c61746572",
  ];
  expect(hex(bytes)).toBe(lines.join("").replaceAll(" ", ""));
  expect(judgeFile({ bytes, isWhole: true }, 7)).toMatchObject({
    ok: true,
    next: 2 ** 33 + 9,
    cutSize: 0,
    damage: undefined,
  });
  const judged = judgeFile({ bytes, isWhole: true }, 7);
  expect(judged.ok ? texts(judged.records) : "").toBe("first  later");
});
