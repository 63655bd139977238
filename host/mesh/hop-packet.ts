/** What neighbours say to each other, and to nobody else: which messages they have, which they want, and what goes along a way
 * that its first kiosk chose. Nothing of it is signed; the session between the two says who speaks. */
import { bytes, rest } from "../../protocol/bytes/blobs.ts";
import { about, type ValueOf } from "../../protocol/bytes/codec.ts";
import { list, struct, union } from "../../protocol/bytes/compound.ts";
import { byteUpTo, u8 } from "../../protocol/bytes/numbers.ts";
import { assert } from "../../protocol/core/assert.ts";
import { ENVELOPE_SIZE_MAX, PEER_TAG_SIZE } from "../../protocol/core/limits.ts";
import { PeerTag } from "../../protocol/message/fields.ts";
import { MESSAGE_ID_SIZE, OFFER_LENGTH_MAX, WAY_LENGTH_MAX } from "./limits.ts";

const OfferNumber = about(u8, "which offer it is: an answer that comes late answers no other");
const Ids = list(bytes(MESSAGE_ID_SIZE), OFFER_LENGTH_MAX);
const Way = about(list(PeerTag, WAY_LENGTH_MAX), "from the first kiosk to the last");

/** What a way adds to the envelope that goes along it. */
const WAY_OVERHEAD_MAX = 3 + WAY_LENGTH_MAX * PEER_TAG_SIZE;
export const ROUTED_SIZE_MAX = ENVELOPE_SIZE_MAX - WAY_OVERHEAD_MAX;

/** No tag is one of an envelope. */
export const HopPacket = union("HopPacket", {
  have: [0x41, struct("Have", { number: OfferNumber, ids: Ids })],
  /** Answers every offer, also with nothing: what is not wanted is there. */
  want: [0x42, struct("Want", { number: OfferNumber, ids: Ids })],
  routed: [
    0x43,
    struct("Routed", {
      at: about(byteUpTo(WAY_LENGTH_MAX - 1), "whose turn it is"),
      way: Way,
      envelope: rest(ROUTED_SIZE_MAX),
    }),
  ],
  /** Back along the way: the link from the kiosk at `at` to the next is not there. */
  broken: [0x44, struct("Broken", { at: byteUpTo(WAY_LENGTH_MAX - 1), turn: byteUpTo(WAY_LENGTH_MAX - 1), way: Way })],
});
export type HopPacket = ValueOf<typeof HopPacket>;

const FIRST_HOP_TAG = 0x40;

/** Or else it is an envelope. */
export const isHopPacket = (packet: Uint8Array): boolean => packet.length > 0 && packet[0] >= FIRST_HOP_TAG;

assert(HopPacket.sizeMax <= ENVELOPE_SIZE_MAX, "what neighbours say fits a packet under their encryption");
