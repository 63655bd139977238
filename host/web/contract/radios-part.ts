/** The boards of this kiosk, and the air between kiosks. */
import { z } from "zod";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { count, hex, label, many, member, orNull, record, share, spanMs, timeMs, words } from "./forms.ts";
import { LINKS_SHOWN_MAX, RADIOS_SHOWN_MAX } from "./limits.ts";

export const Radio = record({
  /** What it is called here: its device. */
  device: label,
  board: label,
  /** The first bytes of the digest of its firmware; null before it said. */
  build: orNull(hex),
  /** One of the driver's: "up", "waiting", "silent", … */
  state: label,
  isUp: z.boolean(),
  /** What is awaited or wrong, and what to try next. */
  words,
  role: orNull(z.enum(["server", "client", "dual"])),
  links: count,
  /** Null where the board has none, or has not said. */
  batteryPercent: orNull(count.max(100)),
  power: orNull(z.enum(["active", "powerSaver", "lowPower", "sleep"])),
  /** When it began, as it says itself. */
  since: orNull(timeMs),
  /** Since this process began. */
  reconnects: count,
  /** Its own, by name, as of its last report of them. */
  counters: z.record(z.string(), count).readonly(),
});
export type Radio = z.output<typeof Radio>;

export const RadiosPart = many(Radio, RADIOS_SHOWN_MAX);
export type RadiosPart = z.output<typeof RadiosPart>;

/** From one kiosk to another, as the first of them says; what it has not said is null. */
export const MeshLink = record({
  from: member,
  to: member,
  isUp: z.boolean(),
  rssiDbm: orNull(z.int()),
  loss: orNull(share),
  roundTripMs: orNull(spanMs),
});
export type MeshLink = z.output<typeof MeshLink>;

export const MeshPart = record({
  links: many(MeshLink, LINKS_SHOWN_MAX),
  /** Members that reach each other, part by part; one part while nobody is cut off. */
  parts: many(many(member, MEMBERS_MAX), MEMBERS_MAX),
  isPartitioned: z.boolean(),
  /** Links that all must fail before the mesh does. */
  connectivity: count,
  /** Packets given to radios and what became of them, since this process began. */
  sent: count,
  dropped: count,
  unknown: count,
  overtaken: count,
  /** Packets that brought nothing, by the reason's name. */
  refused: z.record(z.string(), count).readonly(),
});
export type MeshPart = z.output<typeof MeshPart>;
