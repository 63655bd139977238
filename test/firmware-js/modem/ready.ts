/** Modems of either role that a host has greeted, and a link that it keeps. */
import { chance } from "../../../protocol/core/chance.ts";
import type { linkGeneration } from "../../../protocol/core/units.ts";
import { advance, command, connect, peer, type Rig, readyRig, told } from "./rig.ts";

export const advert = { version: 1, flags: 0, kiosk: Uint8Array.of(1, 2, 3, 4), component: Uint8Array.of(5, 6, 7, 8) };
export const bytes = (size: number, fill = 7): Uint8Array => new Uint8Array(size).fill(fill);
export const server = (over = {}): Rig => readyRig("server", { chance: chance(1), ...over });
export const client = (over = {}): Rig => readyRig("client", { chance: chance(1), ...over });

/** A server's link that the host keeps. */
export function linked(made: Rig, number = 1): { handle: number; link: ReturnType<typeof linkGeneration> } {
  connect(made, number, peer(number));
  advance(made, 50);
  const { link } = told(made, "linkUp").at(-1)!;
  command(made, { type: "keep", link });
  advance(made, 50);
  return { handle: number, link };
}
