import { expect, test } from "vitest";
import { peerOf, stackAddress, stackAddressType } from "../../../firmware-js/air/address.ts";
import { airUnits } from "../../../firmware-js/air/air-units.ts";
import { peer } from "../modem/rig.ts";

test("an address goes to the stack and back, least significant byte first", () => {
  const address = stackAddress(peer(0x0102));
  expect([...new Uint8Array(address)]).toEqual([2, 1, 0, 0, 0, 0xc0]);
  expect(peerOf({ address, addressType: stackAddressType(peer(1)) })).toEqual(peer(0x0102));
  expect(peerOf({ address, addressType: 0 }).kind).toBe("public");
});

test("times become units of 0.625 ms within what the air allows", () => {
  expect([62.5, 125, 1, 20_000].map(airUnits)).toEqual([100, 200, 4, 0x4000]);
});
