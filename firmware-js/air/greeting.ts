/** What both ends of a fresh connection say before the first fragment. A subscription is a write that nobody acknowledges, so
 * the server greets until it is answered, and the client subscribes until it is greeted: each knows then that values pass
 * both ways. A greeting tells the MTU, because either stack may exchange it without telling its own program. Its tag is no
 * fragment's, so it never reaches a modem. */
import { MTU_MAX, MTU_MIN } from "../../protocol/core/limits.ts";

const GREETING = 0x00;
const GREETING_SIZE = 3;

export const greeting = (mtu: number): Uint8Array => Uint8Array.of(GREETING, mtu >> 8, mtu & 0xff);

/** The MTU that it tells; undefined for anything else. */
export function mtuOf(value: Uint8Array): number | undefined {
  if (value.length !== GREETING_SIZE || value[0] !== GREETING) return undefined;
  return Math.max(MTU_MIN, Math.min(MTU_MAX, (value[1] << 8) | value[2]));
}
