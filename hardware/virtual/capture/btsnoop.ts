/** The air as btmon shows it: each radio is a controller, and what its host would see of it crosses the host-controller
 * interface (btsnoop with the packets of Linux's monitor, data link 2001; Bluetooth Core, Vol 4 Part E). */
import { unreachable } from "../../../protocol/core/assert.ts";
import type { LinkId } from "../air/events.ts";
import type { Item } from "../air/outgoing.ts";
import type { AirSight } from "../air/sights.ts";
import { l2capOf } from "./attribute.ts";
import { joined, le16, leAddress } from "./little.ts";
import { release, remember, type TimedRecord, type Watched } from "./watch.ts";

export interface SnoopCapture {
  readonly watched: Watched;
  readonly links: Map<LinkId, SnoopLink>;
  readonly held: TimedRecord[];
}

/** What was last seen to leave and to arrive, so that what is said again is shown once. */
interface SnoopLink {
  readonly client: number;
  readonly server: number;
  readonly left: { client: Item | undefined; server: Item | undefined };
  readonly arrived: { client: Item | undefined; server: Item | undefined };
  /** Ends that know of the link. */
  alive: number;
}

type AirPacket = AirSight & { readonly type: "packet" };

/** Of Linux's monitor (src/shared/btsnoop.h and Documentation of BlueZ name them so). */
const NEW_INDEX = 0;
const EVENT = 3;
const ACL_SENT = 4;
const ACL_RECEIVED = 5;
const DATA_LINK = 2001;
/** Microseconds from the year 0 to 1970. */
const EPOCH_US = 0x00dcddb30f2f8000n;

const DISCONNECTION_COMPLETE = 0x05;
const LE_META = 0x3e;
const LE_CONNECTION_COMPLETE = 0x01;
const LE_ADVERTISING_REPORT = 0x02;
const RANDOM = 0x01;
/** Vol 1 Part F 1.3. */
const REASONS = Object.freeze({ remote: 0x13, ordered: 0x16, supervision: 0x08, failed: 0x3e });

export const snoopCapture = (watched: Watched): SnoopCapture => ({ watched, links: new Map(), held: [] });

/** What each file begins with: the kind of file, and the controllers. */
export function snoopHead({ watched }: SnoopCapture): Uint8Array {
  const head = new Uint8Array(16);
  head.set(Array.from("btsnoop", (letter) => letter.charCodeAt(0)));
  const numbers = new DataView(head.buffer);
  numbers.setUint32(8, 1);
  numbers.setUint32(12, DATA_LINK);
  const controllers = watched.addresses.map((address, node) => {
    const name = new Uint8Array(8);
    name.set(Array.from(`hci${node}`, (letter) => letter.charCodeAt(0)));
    return record(watched, 0, node, NEW_INDEX, joined([0, 0], leAddress(address), name));
  });
  return joined(head, ...controllers.map(({ bytes }) => bytes));
}

export function snoop(capture: SnoopCapture, sight: AirSight): void {
  const { watched, links, held } = capture;
  const add = (node: number, kind: number, contents: Uint8Array): void => {
    held.push(record(watched, sight.atUs, node, kind, contents));
  };
  switch (sight.type) {
    // Its own host is told nothing of it.
    case "advert":
      break;
    case "heard":
      add(sight.node, EVENT, advertisingReport(watched.addresses[sight.from], sight.data, sight.rssiDbm));
      break;
    case "begun": {
      const { client, server } = sight;
      const none = { client: undefined, server: undefined };
      remember(links, sight.link, { client, server, left: { ...none }, arrived: { ...none }, alive: 2 });
      add(client, EVENT, connectionComplete(sight, 0, watched.addresses[server]));
      add(server, EVENT, connectionComplete(sight, 1, watched.addresses[client]));
      break;
    }
    case "packet":
      onPacket(capture, sight, add);
      break;
    case "ended": {
      const link = links.get(sight.link);
      if (link !== undefined && --link.alive === 0) links.delete(sight.link);
      add(sight.node, EVENT, event(DISCONNECTION_COMPLETE, [0, ...le16(handle(sight.link)), REASONS[sight.reason]]));
      break;
    }
    default:
      unreachable(sight);
  }
}

/** Whole records, as the end of a file takes them. */
export const snooped = (capture: SnoopCapture, nowUs: number): Uint8Array =>
  joined(...release(capture.held, nowUs).map(({ bytes }) => bytes));

function onPacket(
  { links }: SnoopCapture,
  packet: AirPacket,
  add: (node: number, kind: number, contents: Uint8Array) => void,
): void {
  const link = links.get(packet.link);
  const { part, from } = packet;
  if (link === undefined || part === undefined) return;
  const contents = l2capOf(part.item, from);
  if (contents === undefined) return;
  const to = from === "client" ? "server" : "client";
  if (link.left[from] !== part.item) {
    link.left[from] = part.item;
    add(link[from], ACL_SENT, acl(packet.link, 0, contents));
  }
  if (packet.outcome === "heard" && part.left <= part.size && link.arrived[to] !== part.item) {
    link.arrived[to] = part.item;
    add(link[to], ACL_RECEIVED, acl(packet.link, 2, contents));
  }
}

const advertisingReport = (from: Uint8Array, data: Uint8Array, rssiDbm: number): Uint8Array =>
  event(LE_META, [LE_ADVERTISING_REPORT, 1, 0, RANDOM, ...leAddress(from), data.length, ...data, rssiDbm & 0xff]);

const connectionComplete = (sight: AirSight & { type: "begun" }, role: number, peer: Uint8Array): Uint8Array =>
  event(LE_META, [
    ...[LE_CONNECTION_COMPLETE, 0, ...le16(handle(sight.link)), role, RANDOM, ...leAddress(peer)],
    ...[...le16(sight.intervalUs / 1250), ...le16(0), ...le16(sight.supervisionUs / 10_000), 0],
  ]);

const event = (code: number, contents: readonly number[]): Uint8Array =>
  Uint8Array.from([code, contents.length, ...contents]);

/** `boundary`: 0 for the first part from a host, 2 from a controller (Vol 4 Part E 5.4.2). */
const acl = (link: LinkId, boundary: number, contents: Uint8Array): Uint8Array =>
  joined(le16(handle(link) | (boundary << 12)), le16(contents.length), contents);

/** Names of connections are 12 bits, of which the last 256 are not for use. */
const handle = (link: LinkId): number => link % 0x0f00;

function record(watched: Watched, atUs: number, node: number, kind: number, contents: Uint8Array): TimedRecord {
  const bytes = new Uint8Array(24 + contents.length);
  const numbers = new DataView(bytes.buffer);
  numbers.setUint32(0, contents.length);
  numbers.setUint32(4, contents.length);
  numbers.setUint32(8, (node << 16) | kind);
  numbers.setBigUint64(16, EPOCH_US + BigInt(Math.round(watched.beganAt * 1000)) + BigInt(Math.round(atUs)));
  bytes.set(contents, 24);
  return { atUs, bytes };
}
