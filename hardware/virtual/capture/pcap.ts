/** The air as Wireshark shows it, as if sniffers stood beside the hearer of each packet (pcap, link type 256: the link layer
 * of Bluetooth LE behind a head of its own). What a hearer missed is not in it; what reached it broken has a broken CRC. */
import { unreachable } from "../../../protocol/core/assert.ts";
import type { Phy } from "../../boards/board.ts";
import { FRAME_SPACE_US } from "../air/air-time.ts";
import type { LinkId } from "../air/events.ts";
import type { AirSight, Part } from "../air/sights.ts";
import { l2capOf } from "./attribute.ts";
import {
  type Access,
  ADVERTISING_ACCESS,
  ADVERTISING_CRC,
  accessOf,
  advInd,
  connectInd,
  connectionUpdate,
  crc24,
  type DataKind,
  dataPacket,
  terminate,
} from "./link-layer.ts";
import { joined, le16, le32 } from "./little.ts";
import { release, remember, type TimedRecord, type Watched } from "./watch.ts";

export interface AirCapture {
  readonly watched: Watched;
  readonly links: Map<LinkId, AirLink>;
  readonly held: TimedRecord[];
}

interface AirLink {
  readonly access: Access;
  readonly phy: Phy;
  readonly ends: { readonly client: Sequencing; readonly server: Sequencing };
  /** Ends that know of the link. */
  alive: number;
}

/** 4.5.9: one bit says which packet this is, the other which one is awaited. */
interface Sequencing {
  sequence: number;
  nextExpected: number;
}

type AirPacket = AirSight & { readonly type: "packet" };

const LINK_TYPE = 256;
const SNAP_LENGTH = 512;
const ADVERTISING_CHANNELS = Object.freeze([37, 38, 39]);
const CHANNEL_STEP_US = 450;
/** Where no strength was measured: whoever is beside the sender. */
const BESIDE_DBM = -40;

/** Of the head's flags. */
const DEWHITENED = 0x0001;
const STRENGTH_VALID = 0x0002;
const REFERENCE_VALID = 0x0010;
const CRC_CHECKED = 0x0400;
const CRC_VALID = 0x0800;
const TO_SERVER = 2 << 7;
const TO_CLIENT = 3 << 7;
const PHYS = Object.freeze({ "1M": 0, "2M": 1 << 14, codedS2: 2 << 14, codedS8: 2 << 14 });

export const airCapture = (watched: Watched): AirCapture => ({ watched, links: new Map(), held: [] });

export function pcapHead(): Uint8Array {
  return joined([0xd4, 0xc3, 0xb2, 0xa1], le16(2), le16(4), le32(0), le32(0), le32(SNAP_LENGTH), le32(LINK_TYPE));
}

export function sniff(capture: AirCapture, sight: AirSight): void {
  const { watched, links, held } = capture;
  switch (sight.type) {
    case "advert": {
      const packet = advInd(watched.addresses[sight.node], sight.data);
      for (const [place, channel] of ADVERTISING_CHANNELS.entries()) {
        held.push(onAdvertisingChannel(watched, sight.atUs + place * CHANNEL_STEP_US, channel, packet));
      }
      break;
    }
    // It is one of those above.
    case "heard":
      break;
    case "begun": {
      const access = accessOf(sight.link, sight.hopping);
      const ends = { client: sequencing(), server: sequencing() };
      remember(links, sight.link, { access, phy: sight.phy, ends, alive: 2 });
      const packet = connectInd(sight, access, watched.addresses[sight.client], watched.addresses[sight.server]);
      const advert = dropRest(held, sight.atUs);
      held.push(onAdvertisingChannel(watched, advert + FRAME_SPACE_US, ADVERTISING_CHANNELS[0], packet));
      break;
    }
    case "packet": {
      const link = links.get(sight.link);
      if (link !== undefined) onPacket(watched, link, sight, held);
      break;
    }
    case "ended": {
      const link = links.get(sight.link);
      if (link !== undefined && --link.alive === 0) links.delete(sight.link);
      break;
    }
    default:
      unreachable(sight);
  }
}

/** Whole records, as the end of a file takes them. */
export const sniffed = (capture: AirCapture, nowUs: number): Uint8Array =>
  joined(...release(capture.held, nowUs).map(({ bytes }) => bytes));

/** The client answered on the first channel, so that the advert was not said on the others; answers when it ended. */
function dropRest(held: TimedRecord[], atUs: number): number {
  let endsAt = atUs;
  for (let place = held.length - 1; place >= 0; place--) {
    const { atUs: began, bytes } = held[place];
    if (began === atUs) endsAt = atUs + (1 + bytes.length - RECORD_SIZE - HEAD_SIZE) * 8;
    else if (began === atUs + CHANNEL_STEP_US || began === atUs + 2 * CHANNEL_STEP_US) held.splice(place, 1);
  }
  return endsAt;
}

function onPacket(watched: Watched, link: AirLink, packet: AirPacket, held: TimedRecord[]): void {
  const { from, outcome, part } = packet;
  const to = from === "client" ? "server" : "client";
  const sender = link.ends[from];
  const hearer = link.ends[to];
  const bits = {
    sequence: sender.sequence,
    nextExpected: sender.nextExpected,
    more: part !== undefined && part.left > part.size ? 1 : 0,
  };
  if (outcome === "missed") return;
  const { kind, payload } = contentsOf(packet, part);
  const spoilt = outcome === "broken";
  const flags = PHYS[link.phy] | (from === "client" ? TO_SERVER : TO_CLIENT);
  const said = dataPacket(kind, bits, payload);
  const head = { channel: packet.channel, strengthDbm: packet.rssiDbm, access: link.access, flags, spoilt };
  held.push(record(watched, packet.atUs, head, codingOf(link.phy), said));
  if (spoilt) return;
  if (bits.sequence === hearer.nextExpected) hearer.nextExpected ^= 1;
  if (bits.nextExpected !== hearer.sequence) hearer.sequence ^= 1;
}

function contentsOf(
  packet: AirPacket,
  part: Part | undefined,
): { readonly kind: DataKind; readonly payload: Uint8Array } {
  if (part === undefined) return { kind: "continuation", payload: new Uint8Array(0) };
  const { item, left, size } = part;
  if (item.kind === "terminate") return { kind: "control", payload: terminate() };
  if (item.kind === "parameters") {
    return { kind: "control", payload: connectionUpdate(item.intervalUs, item.supervisionUs, packet.event + 6) };
  }
  const whole = l2capOf(item, packet.from) ?? new Uint8Array(0);
  // A procedure's packet is counted with a few bytes more than it has.
  const from = item.kind === "value" ? whole.length - left : 0;
  return { kind: from === 0 ? "start" : "continuation", payload: whole.subarray(from, from + size) };
}

function onAdvertisingChannel(watched: Watched, atUs: number, channel: number, packet: Uint8Array): TimedRecord {
  const access = { address: ADVERTISING_ACCESS, crc: ADVERTISING_CRC };
  return record(watched, atUs, { channel, strengthDbm: BESIDE_DBM, access, flags: 0, spoilt: false }, [], packet);
}

interface Head {
  readonly channel: number;
  readonly strengthDbm: number;
  readonly access: Access;
  readonly flags: number;
  readonly spoilt: boolean;
}

const RECORD_SIZE = 16;
const HEAD_SIZE = 10;

function record(
  watched: Watched,
  atUs: number,
  head: Head,
  coding: readonly number[],
  packet: Uint8Array,
): TimedRecord {
  const { channel, strengthDbm, access, flags, spoilt } = head;
  const validity = spoilt ? CRC_CHECKED : CRC_CHECKED | CRC_VALID;
  const [low, middle, high] = crc24(packet, access.crc);
  const contents = joined(
    [radioChannel(channel), strengthDbm & 0xff, 0, 0, ...le32(access.address)],
    le16(DEWHITENED | STRENGTH_VALID | REFERENCE_VALID | validity | flags),
    [...le32(access.address), ...coding],
    packet,
    [spoilt ? low ^ 0xff : low, middle, high],
  );
  const sinceUs = Math.round(watched.beganAt * 1000) + atUs;
  const seconds = Math.floor(sinceUs / 1_000_000);
  const size = le32(contents.length);
  return { atUs, bytes: joined(le32(seconds), le32(Math.round(sinceUs - seconds * 1_000_000)), size, size, contents) };
}

/** The coding of the slow physical layer is told before the packet. */
const codingOf = (phy: Phy): readonly number[] => (phy === "codedS8" ? [0] : phy === "codedS2" ? [1] : []);

/** By frequency: the advertising channels lie at the ends and in the middle. */
function radioChannel(channel: number): number {
  if (channel === 37) return 0;
  if (channel === 38) return 12;
  if (channel === 39) return 39;
  return channel <= 10 ? channel + 1 : channel + 2;
}

const sequencing = (): Sequencing => ({ sequence: 0, nextExpected: 0 });
