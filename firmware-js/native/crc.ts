/** The SDK's own CRC-16 in C, behind the modem's port for it: some twenty times as fast as a table in JavaScript. */
import { CRC16 } from "crc";
import type { Crc } from "../../protocol/frame/frame.ts";

/** The parameters of CRC-16/IBM-SDLC, whose check value the frame's own table has too. */
export function nativeCrc(): Crc {
  const crc = new CRC16(0x1021, 0xffff, 1 as unknown as boolean, 1 as unknown as boolean, 0xffff);
  return (bytes, start, end) => {
    crc.reset();
    return crc.checksum(bytes.subarray(start, end));
  };
}
