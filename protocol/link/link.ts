/** The serial link between a host and its radio: one machine, the same for both ends. Packets of four classes cross whole,
 * once and in order within their class, over a wire that flips, loses and adds bytes, without ever putting more on it than
 * the other end has room for. */

import { crc16 } from "../bytes/crc16.ts";
import { assert, unreachable } from "../core/assert.ts";
import { HEARTBEAT_MS } from "../core/limits.ts";
import { push } from "../core/queue.ts";
import { type Millis, millis } from "../core/units.ts";
import type { Crc } from "../frame/frame.ts";
import type { LinkEffect, LinkEvent } from "./events.ts";
import { onLog } from "./log.ts";
import { onOpeningDue, startOver } from "./opening.ts";
import { onReceived } from "./receive.ts";
import { onRetransmitDue, pump } from "./send.ts";
import type { Link } from "./state.ts";

export function step(link: Link, event: LinkEvent, effects: LinkEffect[], crc: Crc = crc16): void {
  assert(event.at >= link.now, "time runs forward");
  link.now = event.at;
  switch (event.type) {
    case "open":
      startOver(link, event.session, "started over", effects);
      break;
    case "received":
      onReceived(link, event.bytes, effects, crc);
      break;
    case "writable":
      link.room = event.room;
      link.whole = event.whole === true;
      break;
    case "submit":
      onSubmit(link, event, effects);
      break;
    case "log":
      onLog(link, event);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  onTime(link, effects);
  pump(link, effects, crc);
  assert(link.inFlight.length === 0 || link.mode === "open", "only an open link has frames in flight");
}

/** When the link wants a tick; undefined while closed. */
export function nextDeadline(link: Link): Millis | undefined {
  if (link.mode === "closed") return undefined;
  const at = Math.min(
    link.openingAt ?? Number.POSITIVE_INFINITY,
    link.retransmitAt ?? Number.POSITIVE_INFINITY,
    link.deadAt ?? Number.POSITIVE_INFINITY,
    link.heartbeatAt ?? Number.POSITIVE_INFINITY,
  );
  return at === Number.POSITIVE_INFINITY ? undefined : millis(at);
}

function onTime(link: Link, effects: LinkEffect[]): void {
  if (link.deadAt !== undefined && link.now >= link.deadAt) {
    startOver(link, (link.session + 1) >>> 0, "silent", effects);
  }
  if (link.openingAt !== undefined && link.now >= link.openingAt) onOpeningDue(link);
  if (link.retransmitAt !== undefined && link.now >= link.retransmitAt) onRetransmitDue(link);
  if (link.heartbeatAt !== undefined && link.now >= link.heartbeatAt) {
    link.heartbeatDue = true;
    link.heartbeatAt = millis(link.now + HEARTBEAT_MS);
  }
}

function onSubmit(link: Link, event: LinkEvent & { type: "submit" }, effects: LinkEffect[]): void {
  const { token, bytes } = event;
  const why = refusal(link, event);
  if (why === undefined) {
    link.waitingSize += bytes.length;
    push(link.waiting[event.class], { token, class: event.class, bytes, from: 0 });
  } else {
    link.counters.refused += 1;
    effects.push({ type: "refused", token, why });
  }
}

function refusal(
  link: Link,
  event: LinkEvent & { type: "submit" },
): (LinkEffect & { type: "refused" })["why"] | undefined {
  if (link.mode !== "open" || link.peer === undefined) return "closed";
  if (event.bytes.length > link.peer.packetSizeMax) return "too long";
  const line = link.waiting[event.class];
  if (line.length === line.lengthMax || link.waitingSize + event.bytes.length > link.config.waitingSizeMax)
    return "full";
  return undefined;
}
