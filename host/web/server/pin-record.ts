/** What is kept of an operator's PIN, as a file of the kiosk's folder holds it. */
import { z } from "zod";
import { PIN_HASH_SIZE, PIN_SALT_SIZE } from "./limits.ts";

/** Beside the key. */
export const PIN_FILE = "pin";

const hex = (size: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * size}}$`));

/** In hexadecimal text. */
const PinRecord = z.strictObject({ salt: hex(PIN_SALT_SIZE), hash: hex(PIN_HASH_SIZE) }).readonly();
export type PinRecord = z.output<typeof PinRecord>;

export const pinText = (record: PinRecord): string => `${JSON.stringify(record)}\n`;

/** Undefined for what is none: nobody is an operator by a file that is damaged. */
export function readPin(text: string): PinRecord | undefined {
  try {
    return PinRecord.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
