/** An operator's PIN: kept as what scrypt makes of it, and compared without telling how much of it was right. */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { PIN_LENGTH_MAX, PIN_LENGTH_MIN } from "../contract/limits.ts";
import { PIN_BLOCKS, PIN_COST, PIN_HASH_SIZE, PIN_LANES, PIN_MEMORY_SIZE_MAX, PIN_SALT_SIZE } from "./limits.ts";
import type { PinRecord } from "./pin-record.ts";

/** A sentence on what is wrong with it; undefined for a PIN that may be one. */
export function pinFault(pin: string): string | undefined {
  if (pin.length < PIN_LENGTH_MIN) return `a PIN has at least ${PIN_LENGTH_MIN} characters`;
  if (pin.length > PIN_LENGTH_MAX) return `a PIN has at most ${PIN_LENGTH_MAX} characters`;
  return /^(.)\1*$/u.test(pin) ? "a PIN is not one character again and again" : undefined;
}

export async function pinRecord(pin: string): Promise<PinRecord> {
  const salt = randomBytes(PIN_SALT_SIZE);
  return { salt: salt.toString("hex"), hash: (await hashOf(pin, salt)).toString("hex") };
}

export async function isPin(record: PinRecord, pin: string): Promise<boolean> {
  const hash = Buffer.from(record.hash, "hex");
  const given = await hashOf(pin, Buffer.from(record.salt, "hex"));
  return hash.length === given.length && timingSafeEqual(hash, given);
}

function hashOf(pin: string, salt: Buffer): Promise<Buffer> {
  const cost = { N: PIN_COST, r: PIN_BLOCKS, p: PIN_LANES, maxmem: PIN_MEMORY_SIZE_MAX };
  return new Promise((resolve, reject) => {
    scrypt(pin.normalize("NFKC"), salt, PIN_HASH_SIZE, cost, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}
