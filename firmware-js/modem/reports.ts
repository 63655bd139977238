/** What the host is told. Reports wait until the serial link has room. Should what must be told find no place to wait, the
 * session ends: its host asks anew and no token of it means anything any more. What only informs is dropped before, and
 * counted by its kind. */
import { Writer } from "../../protocol/bytes/cursor.ts";
import { assert } from "../../protocol/core/assert.ts";
import { CLASS_COUNT, COUNTERS_MAX, FAULT_TEXT_SIZE_MAX } from "../../protocol/core/limits.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import { clear, first, push, shift } from "../../protocol/core/queue.ts";
import { Hello } from "../../protocol/radio/hello.ts";
import { Report, reportClass } from "../../protocol/radio/report.ts";
import type { Counters } from "./counters.ts";
import { BACKLOG_INFORMING_MAX, SERIAL_INFORMING_MAX, SERIAL_RESERVED_SIZE } from "./limits.ts";
import type { Modem, Waiting } from "./state.ts";
import { feedSerial, type Work } from "./work.ts";

/** `token`: what the link says when the host has the report; 0 if nobody waits for that. */
export function tell(state: Modem, report: Report, token = 0): void {
  if (!state.hosted || state.voidDue) {
    if (isOfSend(report)) state.counters.sendsVoided += 1;
    else state.counters.reportsVoided += 1;
    return;
  }
  const line = state.backlog[reportClass(report)];
  const counter = droppable(report);
  if (counter !== undefined && line.length >= BACKLOG_INFORMING_MAX) {
    state.counters[counter] += 1;
    return;
  }
  const kind = counter !== undefined ? "informs" : report.type === "received" ? "packet" : "must";
  if (push(line, { bytes: encoded(report), token, kind })) {
    state.backlogLength += 1;
  } else {
    state.voidDue = true;
    if (isOfSend(report)) state.counters.sendsVoided += 1;
    else state.counters.reportsVoided += 1;
  }
}

/** What waited goes on as the wire takes it, in the order of each class. False: nothing could. */
export function flushBacklog(state: Modem, work: Work): boolean {
  const before = state.backlogLength;
  for (let c = 0; c < CLASS_COUNT && state.backlogLength > 0; c++) {
    const line = state.backlog[c];
    const packetClass = c as PacketClass;
    for (let next = first(line); next !== undefined; next = first(line)) {
      if (!state.hosted || !hasRoom(state, packetClass, next)) break;
      shift(line);
      state.backlogLength -= 1;
      const { bytes, token } = next;
      feedSerial(state, { type: "submit", at: state.now, class: packetClass, bytes, token }, work);
    }
  }
  return state.backlogLength < before;
}

export function voidBacklog(state: Modem): void {
  state.counters.reportsVoided += state.backlogLength;
  for (const line of state.backlog) clear(line);
  state.backlogLength = 0;
}

/** What only informs is kept short on the wire too: behind a host that does not read, it would hold as much as packets. */
function hasRoom(state: Modem, packetClass: PacketClass, next: Waiting): boolean {
  const { waiting, waitingSize, config } = state.serial;
  const line = waiting[packetClass];
  const size = next.bytes.length + (next.kind === "packet" ? SERIAL_RESERVED_SIZE : 0);
  const lengthMax = next.kind === "informs" ? SERIAL_INFORMING_MAX : line.lengthMax;
  return line.length < lengthMax && waitingSize + size <= config.waitingSizeMax;
}

const isOfSend = (report: Report): boolean =>
  report.type === "sent" || report.type === "dropped" || report.type === "unknown";

function droppable(report: Report): keyof Counters | undefined {
  switch (report.type) {
    case "discovered":
      return "discoveredDropped";
    case "quality":
      return "qualityDropped";
    case "battery":
      return "batteryDropped";
    case "counters":
      return "countersDropped";
    case "fault":
      return "faultsDropped";
    case "echo":
      return "echoesDropped";
    default:
      return undefined;
  }
}

/** In a buffer of its own of about its size: it waits until it is acknowledged, and the layout's longest is 4 KB. */
function encoded(report: Report): Uint8Array {
  const size = sizeMax(report);
  const out = new Writer(size);
  Report.write(out, report);
  assert(out.offset <= size, "a report fits its buffer");
  const bytes = out.take();
  return 2 * bytes.length < size ? bytes.slice() : bytes;
}

function sizeMax(report: Report): number {
  switch (report.type) {
    case "received":
      return 7 + report.packet.length;
    case "hello":
      return 1 + Hello.sizeMax;
    case "fault":
      return 4 + FAULT_TEXT_SIZE_MAX;
    case "counters":
      return 2 + 8 * COUNTERS_MAX;
    case "echo":
      return 1 + report.bytes.length;
    default:
      return 24;
  }
}
