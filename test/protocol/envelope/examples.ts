/** One envelope of each form, for the golden vectors. The seeds are those of `people.ts`. */
import type { Said } from "../../../protocol/agreement/said.ts";
import type { SealOptions } from "../../../protocol/envelope/seal.ts";
import type { SealSaidOptions } from "../../../protocol/envelope/seal-said.ts";
import type { Sender } from "../../../protocol/envelope/signing.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { saidExamples } from "../agreement/examples.ts";
import { examples as messages } from "../message/examples.ts";
import { member, NOW, stranger, TABLE_ID } from "./people.ts";

export interface Example {
  readonly name: string;
  readonly message: Message;
  readonly sender: Sender;
  readonly options: SealOptions;
}

const repeating = { ...messages.proposal, content: new Uint8Array(300).fill(0x33) };
const crowded: Message = { ...messages.joinRequest, proof: new Uint8Array(200) };

export const examples: readonly Example[] = [
  { name: "member", message: messages.vote, sender: member(2, 2_000_000), options: {} },
  { name: "member at its last hop", message: messages.disputeVote, sender: member(3, 0), options: { hops: 0 } },
  { name: "memberPacked", message: repeating, sender: member(1, 300), options: {} },
  { name: "stranger", message: messages.heartbeat, sender: stranger(5), options: { packAbove: 4096 } },
  {
    name: "stranger who names a table",
    message: messages.joinRequest,
    sender: stranger(6, NOW, TABLE_ID),
    options: { packAbove: 4096 },
  },
  { name: "strangerPacked", message: crowded, sender: stranger(7, NOW, TABLE_ID), options: {} },
];

export interface SaidExample {
  readonly name: string;
  readonly said: Said;
  readonly options: SealSaidOptions;
}

const saidOf = (type: Said["type"]): Said => saidExamples.find(({ value }) => value.type === type)!.value;
const wish = saidOf("viewChange") as Extract<Said, { type: "viewChange" }>;

/** At the table of `people.ts`. */
export const openExamples: readonly SaidExample[] = [
  { name: "said", said: saidOf("ballot"), options: { repeat: 3 } },
  { name: "said at its last hop", said: saidOf("requests"), options: { hops: 0 } },
  { name: "saidPacked", said: { ...wish, body: new Uint8Array(300).fill(0x33) }, options: { repeat: 200 } },
];
