/** §1.3 replies: who is told by f + 1 members alike what its request came to need not have executed it itself. */
import type { SignedRequest } from "../../../protocol/agreement/request.ts";
import { Request } from "../../../protocol/agreement/request.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { memberIndex, sequence, view } from "../../../protocol/core/units.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import type { Ports } from "../ports.ts";
import type { Effect } from "./events.ts";
import { PENDING_MAX } from "./limits.ts";
import { executedOf } from "./requests.ts";
import type { HeardReply, Replica, World } from "./state.ts";

type Reply = Extract<Message, { type: "reply" }>;

export const requestDigest = (ports: Ports, signed: SignedRequest): Uint8Array =>
  ports.digest("hardway request", encode(Request, signed.request));

/** To whoever offers again what was executed: the answer of that time, while it is kept. */
export function answerAgain<S>(of: Replica<S>, signed: SignedRequest, effects: Effect[], world: World<S>): void {
  if (of.me < 0 || signed.sender === of.me || of.state.table.epoch !== of.epoch) return;
  const { number, seat } = signed.request;
  const kept = of.state.table.clients[signed.sender]?.replies.find((reply) => reply.number === number);
  if (kept === undefined) return;
  const message: Reply = {
    type: "reply",
    view: view(of.view),
    sequence: sequence(kept.sequence),
    digest: requestDigest(world.ports, signed),
    client: signed.sender,
    seat,
    number,
    result: kept.result,
  };
  effects.push({ type: "send", to: signed.sender, message });
}

export function onReply<S>(of: Replica<S>, from: number, reply: Reply, effects: Effect[], world: World<S>): void {
  if (of.me < 0 || reply.client !== memberIndex(of.me)) return;
  const held = of.pools[of.me].waiting[reply.number - executedOf(of, of.me) - 1];
  if (held === undefined || of.answered.includes(reply.number)) return;
  if (!bytesEqual(reply.digest, requestDigest(world.ports, held.signed))) return;
  of.replies[from] = { number: reply.number, digest: reply.digest, result: reply.result };
  const alike = of.replies.filter((each) => each !== undefined && sameReply(each, reply)).length;
  if (alike < of.faults + 1) return;
  of.answered.push(reply.number);
  if (of.answered.length > PENDING_MAX) of.answered.shift();
  effects.push({ type: "answered", number: reply.number, seat: held.signed.request.seat, result: reply.result });
}

const sameReply = (left: HeardReply, right: Reply): boolean =>
  left.number === right.number && bytesEqual(left.result, right.result);

/** Said to the seat already, before it was executed here. */
export function wasAnswered(of: Replica<unknown>, number: number): boolean {
  const at = of.answered.indexOf(number);
  if (at >= 0) of.answered.splice(at, 1);
  return at >= 0;
}
