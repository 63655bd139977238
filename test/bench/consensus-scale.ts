/** Weighs what is said: messages and bytes by kind, over single links and as broadcasts. */
import type { Effect } from "../../host/engine/consensus/events.ts";
import type { Said } from "../../protocol/agreement/said.ts";
import { Writer } from "../../protocol/bytes/cursor.ts";
import { TABLE_ID_SIZE } from "../../protocol/core/limits.ts";
import { counter, epoch, memberIndex } from "../../protocol/core/units.ts";
import { seal } from "../../protocol/envelope/seal.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";

export interface Weight {
  /** Over single links: what goes to all goes once to each. */
  messages: number;
  bytes: number;
  /** Where everyone hears what is said once. */
  broadcasts: number;
  broadcastBytes: number;
}

export interface Scale {
  readonly linkCount: number;
  /** Of sealed messages, by sender. */
  readonly counters: number[];
  readonly kinds: Map<string, Weight>;
  readonly out: Writer;
}

export const scale = (memberCount: number): Scale => ({
  linkCount: memberCount - 1,
  counters: new Array(memberCount).fill(0),
  kinds: new Map(),
  out: new Writer(CHUNK_SIZE),
});

const CHUNK_SIZE = 65_536;

export function weigh(
  of: Scale,
  from: number,
  inEpoch: number,
  effect: Extract<Effect, { type: "say" | "send" }>,
  ports: { sign(signed: Uint8Array): Uint8Array },
): void {
  const copies = effect.to === "all" ? of.linkCount : 1;
  const size = sizeOf(of, from, inEpoch, effect, ports);
  const kind = kindOf(effect);
  let weight = of.kinds.get(kind);
  if (weight === undefined) of.kinds.set(kind, (weight = nothing()));
  weight.messages += copies;
  weight.bytes += copies * size;
  weight.broadcasts += 1;
  weight.broadcastBytes += size;
}

function sizeOf(
  of: Scale,
  from: number,
  inEpoch: number,
  effect: Extract<Effect, { type: "say" | "send" }>,
  ports: { sign(signed: Uint8Array): Uint8Array },
): number {
  if (effect.type === "say") {
    return sealSaid(effect.said, { id: TABLE, epoch: epoch(inEpoch) }, { out: of.out }).bytes.length;
  }
  of.counters[from] = of.counters[from]! + 1;
  const address = {
    table: TABLE,
    epoch: epoch(inEpoch),
    sender: memberIndex(from),
    counter: counter(of.counters[from]!),
  };
  return seal(effect.message, { type: "member", ...address }, ports, { out: of.out }).bytes.length;
}

/** Its size is all that counts. */
const TABLE = new Uint8Array(TABLE_ID_SIZE);

function kindOf(effect: Extract<Effect, { type: "say" | "send" }>): string {
  if (effect.type === "say") return effect.said.type === "ballot" ? ballotKind(effect.said) : effect.said.type;
  const { message } = effect;
  return message.type === "stateSync" ? message.step.type : message.type;
}

function ballotKind({ ballot, proposals }: Extract<Said, { type: "ballot" }>): string {
  const parts: string[] = [];
  if (proposals !== undefined) parts.push("proposals");
  if (ballot.proposed !== undefined) parts.push("proposed");
  if (ballot.prepared !== undefined) parts.push("prepared");
  if (ballot.committed !== undefined) parts.push("committed");
  if (ballot.checkpoint !== undefined) parts.push("checkpoint");
  return `ballot: ${parts.join(", ")}`;
}

const nothing = (): Weight => ({ messages: 0, bytes: 0, broadcasts: 0, broadcastBytes: 0 });

export function total(of: Scale, counts: (kind: string) => boolean = () => true): Weight {
  const sum = nothing();
  for (const [kind, weight] of of.kinds) {
    if (!counts(kind)) continue;
    sum.messages += weight.messages;
    sum.bytes += weight.bytes;
    sum.broadcasts += weight.broadcasts;
    sum.broadcastBytes += weight.broadcastBytes;
  }
  return sum;
}

/** From nothing again. */
export const tare = (of: Scale): void => of.kinds.clear();
