/** What a host ordered of its radio and the radio forgets: with each session what it advertises and scans, with each boot
 * whom it bars. The driver orders it again, so that a cable that was out for a moment costs nothing but that moment. */
import { RADIO_PEERS_MAX } from "../../protocol/core/limits.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { Order } from "./events.ts";

type Of<T extends Order["type"]> = Order & { readonly type: T };

export interface Wanted {
  start: Of<"start"> | undefined;
  advertise: Of<"advertise"> | undefined;
  scan: Of<"scan"> | undefined;
  logLevel: Of<"logLevel"> | undefined;
  power: Of<"power"> | undefined;
  /** In the order in which they were ordered; as many as a radio holds. */
  readonly bars: Bar[];
}

interface Bar {
  readonly peer: Of<"bar">["peer"];
  /** Undefined: it is to be lifted. */
  until: Millis | undefined;
  /** The boot that was told; undefined: none yet. */
  boot: number | undefined;
}

export const wanted = (): Wanted => ({
  start: undefined,
  advertise: undefined,
  scan: undefined,
  logLevel: undefined,
  power: undefined,
  bars: [],
});

/** Whether the order will be restored, so that it may wait for a radio that is not there. `boot` is told of it now. */
export function remember(wanted: Wanted, order: Order, boot: number | undefined, at: Millis): boolean {
  switch (order.type) {
    case "start":
      // Another role makes other orders void.
      if (wanted.start !== undefined && wanted.start.role !== order.role) {
        wanted.advertise = undefined;
        wanted.scan = undefined;
      }
      wanted.start = order;
      return true;
    case "advertise":
      wanted.advertise = order.on ? order : undefined;
      return true;
    case "scan":
      wanted.scan = order.on ? order : undefined;
      return true;
    case "logLevel":
      wanted.logLevel = order;
      return true;
    case "power":
      wanted.power = order.state === undefined ? undefined : order;
      return true;
    case "bar":
      return note(wanted, order.peer, millis(at + 1000 * order.seconds), boot, at);
    case "unbar":
      return note(wanted, order.peer, undefined, boot, at);
    case "factoryReset":
      wanted.bars.length = 0;
      return false;
    default:
      return false;
  }
}

/** What a session that has just begun is told first. */
export function restoring(wanted: Wanted): Order[] {
  const { logLevel, power, start, advertise, scan } = wanted;
  return [logLevel, power, start, advertise, scan].filter((order) => order !== undefined);
}

/** The next bar of which this boot was not told; it counts as told. */
export function nextBar(wanted: Wanted, boot: number, at: Millis): Order | undefined {
  forget(wanted, at);
  const bar = wanted.bars.find((each) => each.boot !== boot);
  if (bar === undefined) return undefined;
  bar.boot = boot;
  if (bar.until !== undefined) {
    return { type: "bar", peer: bar.peer, seconds: Math.max(1, Math.ceil((bar.until - at) / 1000)) };
  }
  wanted.bars.splice(wanted.bars.indexOf(bar), 1);
  return { type: "unbar", peer: bar.peer };
}

/** A full list takes no more, as the radio's own: a flood cannot drive out whom it holds. */
function note(
  wanted: Wanted,
  peer: Bar["peer"],
  until: Millis | undefined,
  boot: number | undefined,
  at: Millis,
): boolean {
  forget(wanted, at);
  const known = wanted.bars.findIndex((each) => isSame(each.peer, peer));
  if (until === undefined && boot !== undefined) {
    if (known >= 0) wanted.bars.splice(known, 1);
    return true;
  }
  if (known >= 0) {
    wanted.bars[known].until = until;
    wanted.bars[known].boot = boot;
    return true;
  }
  if (wanted.bars.length >= RADIO_PEERS_MAX) return false;
  wanted.bars.push({ peer: { kind: peer.kind, address: peer.address.slice() }, until, boot });
  return true;
}

function forget(wanted: Wanted, at: Millis): void {
  for (let index = wanted.bars.length - 1; index >= 0; index--) {
    const { until } = wanted.bars[index];
    if (until !== undefined && until <= at) wanted.bars.splice(index, 1);
  }
}

function isSame(a: Bar["peer"], b: Bar["peer"]): boolean {
  return a.kind === b.kind && a.address.every((byte, at) => byte === b.address[at]);
}
