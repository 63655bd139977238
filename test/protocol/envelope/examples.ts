/** One envelope of each form, for the golden vectors. The seeds are those of `people.ts`. */
import type { SealOptions } from "../../../protocol/envelope/seal.ts";
import type { Sender } from "../../../protocol/envelope/signing.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { examples as messages } from "../message/examples.ts";
import { member, NOW, stranger, TABLE_ID } from "./people.ts";

export interface Example {
  readonly name: string;
  readonly message: Message;
  readonly sender: Sender;
  readonly options: SealOptions;
}

const certificateLike = { ...messages.prePrepare, batch: new Uint8Array(300).fill(0x33) };
const crowded: Message = { ...messages.joinRequest, proof: new Uint8Array(200) };

export const examples: readonly Example[] = [
  { name: "member", message: messages.prepare, sender: member(2, 2_000_000), options: {} },
  { name: "member at its last hop", message: messages.commit, sender: member(3, 0), options: { hops: 0 } },
  { name: "memberPacked", message: certificateLike, sender: member(1, 300), options: {} },
  { name: "stranger", message: messages.heartbeat, sender: stranger(5), options: { packAbove: 4096 } },
  {
    name: "stranger who names a table",
    message: messages.joinRequest,
    sender: stranger(6, NOW, TABLE_ID),
    options: { packAbove: 4096 },
  },
  { name: "strangerPacked", message: crowded, sender: stranger(7, NOW, TABLE_ID), options: {} },
];
