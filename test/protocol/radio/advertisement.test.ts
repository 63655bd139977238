import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { encode } from "../../../protocol/bytes/codec.ts";
import { advertisement, SERVICE_UUID, serviceDataOf } from "../../../protocol/radio/advertisement.ts";
import { Advert } from "../../../protocol/radio/fields.ts";

const ADVERT = { version: 1, flags: 2, kiosk: Uint8Array.of(1, 2, 3, 4), component: Uint8Array.of(5, 6, 7, 8) };

test("the service data is found in what the virtual air carries, and behind other fields", () => {
  const data = advertisement(ADVERT);
  const own = encode(Advert, ADVERT).slice();
  expect(serviceDataOf(data)).toEqual(own);
  expect(data).toHaveLength(31);
  expect(serviceDataOf(Uint8Array.of(3, 0x09, 0x41, 0x42, ...data.subarray(3)))).toEqual(own);
  expect(serviceDataOf(Uint8Array.of(...data, 2, 0x0a, 0))).toEqual(own);
});

test("no advertisement, however broken, is taken for ours or throws", () => {
  const data = advertisement(ADVERT);
  for (let at = 0; at < 21; at++) {
    for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
      const wrong = data.slice();
      wrong[at] ^= bit;
      const found = serviceDataOf(wrong);
      // Flags of another kind are nobody's business.
      if (at > 2 && found !== undefined) expect.fail(`byte ${at} ^ ${bit}`);
    }
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 31 }), (bytes) => {
      serviceDataOf(bytes);
    }),
    { seed: 1, numRuns: 1_000 },
  );
  for (let size = 0; size < data.length; size++) expect(serviceDataOf(data.subarray(0, size))).toBeUndefined();
});

test("the UUID on the air is that of the declared service", () => {
  const declared = JSON.parse(
    readFileSync(new URL("../../../firmware-js/bleservices/radio.json", import.meta.url), "utf8"),
  ) as { service: { uuid: string } };
  const hex = Buffer.from(Uint8Array.from(SERVICE_UUID).reverse()).toString("hex");
  expect(hex.toUpperCase()).toBe(declared.service.uuid.replaceAll("-", ""));
});
