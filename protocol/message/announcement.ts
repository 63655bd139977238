/** What a member says of its table to whoever is near: enough to choose one, and nothing that is believed. The table's id is the
 * one under which the envelope is signed. */
import { text } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { choice, struct } from "../bytes/compound.ts";
import { byteUpTo, varint } from "../bytes/numbers.ts";
import { MEMBERS_MAX, NAME_SIZE_MAX, SEATS_MAX } from "../core/limits.ts";
import { Epoch } from "./fields.ts";
import { Version } from "./join.ts";

export const TableAnnouncement = struct("TableAnnouncement", {
  version: about(Version, "what the table needs of who joins: its features, not all that the speaker has"),
  name: text(NAME_SIZE_MAX),
  rules: about(varint(0xffff), "the version of the rules that the table has agreed on"),
  epoch: Epoch,
  members: byteUpTo(MEMBERS_MAX),
  seats: byteUpTo(SEATS_MAX),
  seatsFree: byteUpTo(SEATS_MAX),
  door: choice("Door", { open: 1, full: 2, closed: 3 }),
});
export type TableAnnouncement = ValueOf<typeof TableAnnouncement>;
