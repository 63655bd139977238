/** A short life of a link, as the air shows it: an advert, a connection, an MTU exchange, a write that is broken once, a
 * notification that is not heard once, so that the write is said a third time, the end. */
import type { AirSight } from "../../../../hardware/virtual/air/sights.ts";
import type { Watched } from "../../../../hardware/virtual/capture/watch.ts";

export const WATCHED: Watched = {
  addresses: [Uint8Array.of(0xc0, 0xde, 0, 0, 0, 0), Uint8Array.of(0xc0, 0xde, 0, 0, 0, 1)],
  beganAt: Date.UTC(2026, 10, 20),
};

/** Flags, and service data. */
export const ADVERT = Uint8Array.from([2, 1, 6, 13, 0x16, 0x77, 0xfd, 1, 0, 1, 1, 1, 1, 2, 2, 2, 2]);

const write = { kind: "value", bytes: Uint8Array.of(0xaa, 0xbb) } as const;
const notification = { kind: "value", bytes: new Uint8Array(244).fill(7) } as const;
const request = { kind: "mtuRequest", mtu: 247 } as const;
const at = { type: "packet", link: 1, rssiDbm: -50 } as const;
const whole = (item: typeof write | typeof notification) => ({
  item,
  left: item.bytes.length + 7,
  size: item.bytes.length + 7,
});

export const SIGHTS: readonly AirSight[] = [
  { type: "advert", atUs: 100_000, node: 0, data: ADVERT },
  { type: "heard", atUs: 100_000, node: 1, from: 0, rssiDbm: -43, data: ADVERT },
  { type: "advert", atUs: 200_000, node: 0, data: ADVERT },
  {
    ...{ type: "begun", atUs: 200_000, link: 1, client: 1, server: 0, phy: "1M" },
    ...{ intervalUs: 50_000, supervisionUs: 2_560_000, hopping: { kind: 2, identifier: 0x63aa } },
  },
  {
    ...at,
    atUs: 201_250,
    from: "client",
    channel: 10,
    event: 0,
    outcome: "heard",
    part: { item: request, left: 12, size: 12 },
  },
  { ...at, atUs: 201_576, from: "server", channel: 10, event: 0, outcome: "heard", part: undefined },
  { ...at, atUs: 251_250, from: "client", channel: 11, event: 1, outcome: "broken", part: whole(write) },
  { ...at, atUs: 251_500, from: "server", channel: 11, event: 1, outcome: "heard", part: undefined },
  { ...at, atUs: 301_250, from: "client", channel: 36, event: 2, outcome: "heard", part: whole(write) },
  { ...at, atUs: 301_500, from: "server", channel: 36, event: 2, outcome: "missed", part: whole(notification) },
  { ...at, atUs: 351_250, from: "client", channel: 0, event: 3, outcome: "heard", part: whole(write) },
  { ...at, atUs: 351_500, from: "server", channel: 0, event: 3, outcome: "heard", part: whole(notification) },
  {
    ...at,
    atUs: 401_250,
    from: "client",
    channel: 5,
    event: 4,
    outcome: "heard",
    part: { item: { kind: "terminate" }, left: 12, size: 12 },
  },
  { type: "ended", atUs: 401_600, link: 1, node: 0, reason: "remote" },
  { type: "ended", atUs: 401_600, link: 1, node: 1, reason: "ordered" },
];
