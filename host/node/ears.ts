/** From a packet to an event of the engine: what was said openly as it stands, what was sealed after its signature held. What
 * is refused is counted by its reason. */
import { decode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import type { Millis } from "../../protocol/core/units.ts";
import { Envelope } from "../../protocol/envelope/envelope.ts";
import { type OpenPorts, open, type Table } from "../../protocol/envelope/open.ts";
import { openSaid } from "../../protocol/envelope/open-said.ts";
import { strangerReplay } from "../../protocol/envelope/stranger-replay.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { Event } from "../engine/consensus/events.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { heardFrom, type Links } from "./links.ts";
import { placeNow, tablesOf } from "./tables.ts";
import type { LinkName } from "./transport.ts";

export interface Ears {
  tables: readonly Table[];
  /** Members that sleep, as they said last: one bit each. */
  asleep: number;
  /** Packets that brought nothing, by the reason's name. */
  readonly refused: { [why: string]: number };
}

export const ears = (of: Replica<unknown>, founders: readonly Uint8Array[]): Ears => ({
  ...{ tables: tablesOf(of, founders, []), asleep: 0, refused: {} },
});

export interface Heard {
  readonly of: Replica<unknown>;
  readonly links: Links;
  readonly ports: OpenPorts;
  readonly at: Millis;
  readonly wallMs: Millis;
}

/** Undefined where the engine has nothing to learn from it. */
export function hear(ears: Ears, link: LinkName, packet: Uint8Array, heard: Heard): Event | undefined {
  const { at } = heard;
  const openly = openSaid(packet, { tables: ears.tables });
  if (openly.ok) return { type: "said", at, said: openly.said };
  if (openly.why !== "sealed") return refuse(ears, openly.why);

  const envelope = decode(Envelope, packet);
  // Strangers have nothing to say to the engine, and are not worth a signature's time.
  if (envelope.ok && envelope.value.type.startsWith("stranger")) return refuse(ears, "a stranger");
  const opened = open(packet, { tables: ears.tables, strangers: strangerReplay(), now: heard.wallMs }, heard.ports);
  if (!opened.ok) return refuse(ears, opened.why);
  assert(opened.from.type === "member", "strangers are told by their envelope");
  const { epoch, sender } = opened.from;
  const key = ears.tables.find((table) => table.epoch === epoch)?.members[sender];
  if (key === undefined) return refuse(ears, "not a member");
  heardFrom(heard.links, link, key);
  const from = placeNow(heard.of, key);
  if (from === undefined) return refuse(ears, "a member that has left");
  return opened.message.type === "heartbeat"
    ? sleepers(ears, from, opened.message, at)
    : { type: "heard", at, from, message: opened.message };
}

function sleepers(ears: Ears, from: number, said: Message & { type: "heartbeat" }, at: Millis): Event | undefined {
  const bit = 1 << from;
  const members = said.power === "sleep" ? ears.asleep | bit : ears.asleep & ~bit;
  if (members === ears.asleep) return undefined;
  ears.asleep = members;
  return { type: "asleep", at, members };
}

export function refuse(ears: Ears, why: string): undefined {
  ears.refused[why] = (ears.refused[why] ?? 0) + 1;
}
