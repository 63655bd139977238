/** Bodies with a number in them, so that what came is known for what was said. */
import { bytes, type Rig, say } from "./rig.ts";

export const numbered = (value: number): Uint8Array => bytes(value >> 8, value & 0xff);
export const numbers = (bodies: readonly Uint8Array[]): number[] => bodies.map((body) => body[0] * 0x100 + body[1]);
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

/** What one end says, as packets that wait. */
export function spoken(of: Rig, count: number): Uint8Array[] {
  for (let at = 0; at < count; at++) say(of, "client", numbered(at));
  return of.air.splice(0).map(({ packet }) => packet);
}
