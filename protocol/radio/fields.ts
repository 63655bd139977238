/** Parts that commands and reports share. */
import { bits } from "../bytes/bits.ts";
import { bytes } from "../bytes/blobs.ts";
import { about, branded } from "../bytes/codec.ts";
import { choice, struct } from "../bytes/compound.ts";
import { byteUpTo, u8, varint } from "../bytes/numbers.ts";
import { CLASS_COUNT, LINK_GENERATION_MAX, SEND_TOKEN_MAX } from "../core/limits.ts";
import { linkGeneration } from "../core/units.ts";

export const Generation = about(branded(varint(LINK_GENERATION_MAX), linkGeneration), "never used again within a boot");
export const Token = about(varint(SEND_TOKEN_MAX), "the host's name for a send");
export const Class = about(byteUpTo(CLASS_COUNT - 1), "0 Critical, 1 High, 2 Normal, 3 Low");

export const Address = struct("Address", {
  kind: choice("AddressKind", { public: 0, random: 1 }),
  address: about(bytes(6), "most significant byte first"),
});

/** How a radio takes part: a stack offers one of them a boot, both only where the board has proved it. */
export const Role = choice("Role", { server: 0, client: 1, dual: 2 });
export const Roles = bits({ dual: 1, client: 1, server: 1 });

export const PowerStateName = choice("PowerState", { active: 0, powerSaver: 1, lowPower: 2, sleep: 3 });

/** The service data of an advertisement. */
export const Advert = struct("Advert", {
  version: u8,
  flags: u8,
  kiosk: about(bytes(4), "a tag of the kiosk that changes with time"),
  component: about(bytes(4), "a tag of the part of the mesh that it is in"),
});
