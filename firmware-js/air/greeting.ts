/** What both ends of a fresh connection say before the first fragment. A subscription is a write that nobody acknowledges, so
 * the server greets until it is answered, and the client subscribes until it is greeted; each end is sure of the other when
 * it is told that it was heard. A greeting tells the MTU, because either stack may exchange it without telling its own
 * program, and is as long as the longest value: NimBLE's program gets the first packet of the air alone where a value takes
 * several, and its link keeps then to values of one. Its tag is no fragment's, so it never reaches a modem. */
import { ATT_OVERHEAD, MTU_MAX, MTU_MIN } from "../../protocol/core/limits.ts";

const GREETING = 0x00;
const HEADER_SIZE = 4;
const HEARD = 1;
const CUT = 2;

/** For whoever reads the log. */
export const SMALL_VALUES = "values arrive cut: 20 B at a time on this link";

export interface Greeting {
  /** As its sender knows it. */
  readonly mtu: number;
  /** Its sender has heard one of ours. */
  readonly heard: boolean;
  /** And not all of it. */
  readonly cut: boolean;
}

export function greeting({ mtu, heard, cut }: Greeting): Uint8Array {
  const bytes = new Uint8Array(mtu - ATT_OVERHEAD);
  bytes[0] = GREETING;
  bytes[1] = (heard ? HEARD : 0) | (cut ? CUT : 0);
  bytes[2] = mtu >> 8;
  bytes[3] = mtu & 0xff;
  return bytes;
}

/** Undefined: something else. `whole`: all of it came. */
export function heardGreeting(value: Uint8Array): (Greeting & { readonly whole: boolean }) | undefined {
  if (value.length < HEADER_SIZE || value[0] !== GREETING) return undefined;
  const told = (value[2] << 8) | value[3];
  const mtu = Math.max(MTU_MIN, Math.min(MTU_MAX, told));
  const whole = value.length >= mtu - ATT_OVERHEAD;
  return { mtu, heard: (value[1] & HEARD) !== 0, cut: (value[1] & CUT) !== 0, whole };
}

/** What an end knows of a connection's values. */
export interface Passage {
  mtu: number;
  heard: boolean;
  /** What we say arrives cut, or what we hear; what we hear is. */
  small: boolean;
  cut: boolean;
}

export const passage = (): Passage => ({ mtu: MTU_MIN, heard: false, small: false, cut: false });

/** True: the MTU is another now. Two ends that tell different ones mean the larger: each hears of the exchange or does not. */
export function raise(state: Passage, mtu: number): boolean {
  if (state.small || mtu <= state.mtu) return false;
  state.mtu = Math.min(mtu, MTU_MAX);
  return true;
}

export function hear(state: Passage, said: Greeting & { readonly whole: boolean }): void {
  state.heard = true;
  if (!said.whole) state.cut = true;
  if (said.cut || state.cut) {
    state.small = true;
    state.mtu = MTU_MIN;
  } else {
    raise(state, said.mtu);
  }
}
