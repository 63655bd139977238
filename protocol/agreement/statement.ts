/** What is signed in agreement. Like every signature of the project it begins with the domain, and it names protocol,
 * version, table, epoch, sender and kind: it fits nothing else. There is no counter: the same statement is the same bytes. */
import { about, type ValueOf } from "../bytes/codec.ts";
import { struct, union } from "../bytes/compound.ts";
import { Writer } from "../bytes/cursor.ts";
import { u8 } from "../bytes/numbers.ts";
import { PROTOCOL_MAJOR } from "../core/version.ts";
import { constant, constantByte } from "../message/constant.ts";
import { Epoch, MemberIndex, TableId } from "../message/fields.ts";
import { Ballot } from "./ballot.ts";
import { NewView, ViewChangeName } from "./certificate.ts";
import { Request } from "./request.ts";

const DOMAIN = "hardway";

export const Saying = union("Saying", {
  request: [0x01, Request],
  ballot: [0x02, Ballot],
  viewChange: [0x03, ViewChangeName],
  newView: [0x04, NewView],
});
export type Saying = ValueOf<typeof Saying>;

export const STATEMENT_FORM = 0x03;

export const Statement = struct("Statement", {
  domain: constant(DOMAIN),
  major: u8,
  form: about(
    constantByte(STATEMENT_FORM),
    "where an envelope's signing bytes have the tag of a sender, which is another",
  ),
  table: TableId,
  epoch: Epoch,
  sender: MemberIndex,
  saying: Saying,
});
export type Statement = ValueOf<typeof Statement>;

export interface Speaker {
  readonly table: Uint8Array;
  readonly epoch: ValueOf<typeof Epoch>;
}

/** Room for all but a request's operation and a new view. */
const USUAL_SIZE = 320;

/** `room` saves whoever signs and verifies often an allocation. */
export function statementBytes(
  speaker: Speaker,
  sender: ValueOf<typeof MemberIndex>,
  saying: Saying,
  room?: Writer,
): Uint8Array {
  const size = saying.type === "ballot" || saying.type === "viewChange" ? USUAL_SIZE : Statement.sizeMax;
  const { table, epoch } = speaker;
  const reserved = saying.type === "request" ? USUAL_SIZE + saying.operation.length : size;
  const out = room ?? new Writer(reserved);
  out.reserve(reserved);
  Statement.write(out, {
    domain: DOMAIN,
    major: PROTOCOL_MAJOR,
    form: STATEMENT_FORM,
    table,
    epoch,
    sender,
    saying,
  });
  return out.take();
}
