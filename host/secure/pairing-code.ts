/** The code that two screens show, and the commitment that makes it one that nobody can choose. */
import { PAIRING_CODES } from "./limits.ts";
import type { NoisePorts } from "./ports.ts";
import { ascii } from "./symmetric.ts";

/** Bound to the session, so that it fits no other. */
export const commitmentOf = (transcript: Uint8Array, number: Uint8Array, ports: NoisePorts): Uint8Array =>
  ports.hash(ascii("hardway pairing commitment"), transcript, number);

/** All parts have one size each. Of six bytes, so that no code is likelier than another by more than one in 10^8. */
export function codeOf(transcript: Uint8Array, client: Uint8Array, server: Uint8Array, ports: NoisePorts): string {
  const digest = ports.hash(ascii("hardway pairing code"), transcript, client, server);
  let value = 0;
  for (let at = 0; at < 6; at++) value = value * 0x100 + digest[at];
  return String(value % PAIRING_CODES).padStart(DIGITS, "0");
}

const DIGITS = String(PAIRING_CODES - 1).length;
