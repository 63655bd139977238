/** A link in each of its modes, as a made-up peer finds it, and the frames of that peer. */
import { expect } from "vitest";
import { SERIAL_FRAME_SIZE_MAX, SERIAL_PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import { encodeFrame, type Frame, type Opening } from "../../../protocol/frame/frame.ts";
import { END, slipEncode, slipSizeMax } from "../../../protocol/frame/slip.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { step } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import { config } from "./pair.ts";

export type Bytes = Uint8Array;

export function onWire(frame: Frame): Bytes {
  const bytes = encodeFrame(frame, new Uint8Array(SERIAL_FRAME_SIZE_MAX));
  const wire = new Uint8Array(slipSizeMax(bytes.length));
  wire[0] = END;
  return wire.slice(0, slipEncode(bytes, wire, 1));
}

export const peerOpening = (over: Partial<Opening> = {}): Opening => ({
  session: 900,
  major: 1,
  minor: 0,
  features: 0,
  space: 128,
  packetSizeMax: SERIAL_PACKET_SIZE_MAX,
  ...over,
});

export function heed(state: Link, event: LinkEvent): LinkEffect[] {
  const effects: LinkEffect[] = [];
  step(state, event, effects);
  return effects;
}

/** A link that a made-up peer has led into the mode. */
export function linkIn(mode: "closed" | "opening" | "half-open" | "open" | "incompatible", space = 4096): Link {
  const state = link(config({ space }));
  const at = millis(0);
  const hear = (frame: Frame) => heed(state, { type: "received", at, bytes: onWire(frame) });
  if (mode === "closed") return state;
  heed(state, { type: "open", at, session: 5 });
  if (mode === "half-open") hear({ type: "reset", position: 0, opening: peerOpening() });
  if (mode === "open") hear({ type: "resetAck", position: 0, grant: 128, echo: 5, opening: peerOpening() });
  if (mode === "incompatible") hear({ type: "reset", position: 0, opening: peerOpening({ major: 2 }) });
  expect(state.mode).toBe(mode === "half-open" ? "opening" : mode);
  return state;
}
