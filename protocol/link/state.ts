/** One end of a serial link, as plain data. */
import { assert } from "../core/assert.ts";
import {
  CHUNK_SIZE_MAX,
  LOG_QUEUE_LENGTH_MAX,
  SERIAL_FRAME_SIZE_MAX,
  SERIAL_PACKET_SIZE_MAX,
  SERIAL_QUEUE_LENGTH_MAX,
  SERIAL_SPACE_MAX,
  SERIAL_SPACE_MIN,
  SERIAL_WINDOW,
  WIRE_FRAME_SIZE_MAX,
} from "../core/limits.ts";
import { CRITICAL, HIGH, LOW, NORMAL, type PacketClass } from "../core/packet-class.ts";
import { type Queue, queue } from "../core/queue.ts";
import { type RoundTrip, roundTrip } from "../core/round-trip.ts";
import { type Millis, millis } from "../core/units.ts";
import type { Opening } from "../frame/frame.ts";
import { type Slip, slip } from "../frame/slip.ts";
import type { LogLevel } from "./events.ts";

export interface LinkConfig {
  readonly major: number;
  readonly minor: number;
  readonly features: number;
  /** Unread bytes that this end's receive buffer holds. */
  readonly space: number;
  readonly packetSizeMax: number;
  /** Bytes of packets that may wait here, over all classes. */
  readonly waitingSizeMax: number;
}

/** A packet on its way out; `from` is the first byte that no frame has taken. */
export interface Outgoing {
  readonly token: number;
  readonly class: PacketClass;
  readonly bytes: Uint8Array;
  from: number;
}

/** A data frame sent and not acknowledged. */
export interface InFlight {
  readonly sequence: number;
  readonly packet: Outgoing;
  readonly from: number;
  readonly to: number;
  sentAt: Millis;
  resent: boolean;
}

/** What has come of a packet of one class, in `size` bytes; `overlong` until the end of one that outgrew the bound. */
export interface Incoming {
  bytes: Uint8Array;
  size: number;
  overlong: boolean;
}

export const incoming = (): Incoming => ({ bytes: new Uint8Array(0), size: 0, overlong: false });

/** - closed: not started. - opening: asks, or has answered and waits to be answered. - open. - incompatible. */
export type LinkMode = "closed" | "opening" | "open" | "incompatible";

export interface Link {
  readonly config: LinkConfig;
  now: Millis;
  mode: LinkMode;
  session: number;
  peer: Opening | undefined;
  /** The other end has said what only an open one says. */
  peerOpen: boolean;
  /** A reset is to be answered. */
  answerOwed: boolean;
  /** A reset is to be sent; the next follows unless it is answered. */
  resetDue: boolean;
  openingAt: Millis | undefined;
  openingRetryMs: number;
  deadAt: Millis | undefined;

  // Receiving.
  readonly slip: Slip;
  /** Bytes taken from the wire; each good frame sets it right. */
  received: number;
  grantSent: number;
  /** When a stream of bytes was last seen coming in. */
  streamAt: Millis | undefined;
  expected: number;
  ackOwed: boolean;
  /** A gap was seen and is not asked for yet; then it was. One question a gap. */
  gap: "none" | "seen" | "asked";
  readonly incoming: Incoming[];

  // Sending.
  readonly waiting: Queue<Outgoing>[];
  waitingSize: number;
  readonly inFlight: Queue<InFlight>;
  /** Those of `inFlight` that need no sending now; what follows is sent again. */
  underway: number;
  nextSequence: number;
  /** What a chunk may hold: halved by a time-out, grown by each frame that came through at once. On a wire that spoils a
   * byte in a hundred, a full frame passes one time in twelve and one of 60 B every second time. */
  chunkSize: number;
  readonly logs: Queue<{ readonly level: LogLevel; readonly text: Uint8Array }>;
  /** Bytes put on the wire, and the position up to which the other end takes them. */
  sent: number;
  granted: number;
  /** Since when frames of the other end have shown no room although all was quiet. */
  starvedAt: Millis | undefined;
  /** One frame goes out beyond the grant, to set the other end's count right. */
  probeDue: boolean;
  lastTransmitAt: Millis;
  heartbeatDue: boolean;
  heartbeatAt: Millis | undefined;
  /** What the wire takes now; below zero by what it took of a frame beyond that, where it takes frames whole. */
  room: number;
  whole: boolean;
  /** The frame on its way out, escaped, from `wireFrom` to `wireTo`. */
  readonly wire: Uint8Array;
  wireFrom: number;
  wireTo: number;
  /** The frame on its way out opens or repairs the link and needs no grant. */
  wireFree: boolean;
  /** The next frame starts with an END, which ends whatever the other end has half of. */
  flush: boolean;
  readonly scratch: Uint8Array;
  readonly roundTrip: RoundTrip;
  retransmitAt: Millis | undefined;

  readonly counters: LinkCounters;
}

export interface LinkCounters {
  framesIn: number;
  framesOut: number;
  bytesIn: number;
  bytesOut: number;
  packetsIn: number;
  packetsOut: number;
  damaged: number;
  malformed: number;
  misframed: number;
  unexpected: number;
  repeated: number;
  gaps: number;
  resent: number;
  timeouts: number;
  resets: number;
  /** Packets under way when the link closed. */
  lost: number;
  overlong: number;
  refused: number;
  logsDropped: number;
  /** Bytes by which good frames corrected the count: what the wire lost or made up. */
  rebased: number;
  starved: number;
}

export function link(config: LinkConfig): Link {
  assert(config.space >= SERIAL_SPACE_MIN && config.space <= SERIAL_SPACE_MAX, "the receive space is workable");
  assert(config.packetSizeMax <= SERIAL_PACKET_SIZE_MAX, "packets keep their bound");
  return {
    config,
    now: millis(0),
    mode: "closed",
    session: 0,
    peer: undefined,
    peerOpen: false,
    answerOwed: false,
    resetDue: false,
    openingAt: undefined,
    openingRetryMs: 0,
    deadAt: undefined,
    slip: slip(SERIAL_FRAME_SIZE_MAX),
    received: 0,
    grantSent: 0,
    streamAt: undefined,
    expected: 0,
    ackOwed: false,
    gap: "none",
    incoming: CLASSES.map(incoming),
    waiting: CLASSES.map(() => queue<Outgoing>(SERIAL_QUEUE_LENGTH_MAX)),
    waitingSize: 0,
    inFlight: queue(SERIAL_WINDOW),
    underway: 0,
    nextSequence: 0,
    chunkSize: CHUNK_SIZE_MAX,
    logs: queue(LOG_QUEUE_LENGTH_MAX),
    sent: 0,
    granted: 0,
    starvedAt: undefined,
    probeDue: false,
    lastTransmitAt: millis(0),
    heartbeatDue: false,
    heartbeatAt: undefined,
    room: 0,
    whole: false,
    wire: new Uint8Array(WIRE_FRAME_SIZE_MAX),
    wireFrom: 0,
    wireTo: 0,
    wireFree: false,
    flush: true,
    scratch: new Uint8Array(SERIAL_FRAME_SIZE_MAX),
    roundTrip: roundTrip(),
    retransmitAt: undefined,
    counters: {
      framesIn: 0,
      framesOut: 0,
      bytesIn: 0,
      bytesOut: 0,
      packetsIn: 0,
      packetsOut: 0,
      damaged: 0,
      malformed: 0,
      misframed: 0,
      unexpected: 0,
      repeated: 0,
      gaps: 0,
      resent: 0,
      timeouts: 0,
      resets: 0,
      lost: 0,
      overlong: 0,
      refused: 0,
      logsDropped: 0,
      rebased: 0,
      starved: 0,
    },
  };
}

const CLASSES = Object.freeze([CRITICAL, HIGH, NORMAL, LOW]);
