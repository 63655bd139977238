/** What the engine asks of cryptography. All of it is a function of its bytes: the same answer on every kiosk, so that replicas
 * decide alike. The simulator puts an unforgeable keyed hash behind the same ports. */

import type { Writer } from "../../protocol/bytes/cursor.ts";

export interface Ports {
  /** Room for what is signed and verified, which whoever does much of both gives. */
  readonly room?: Writer;
  /** 32 bytes; bytes hashed for one domain never equal bytes hashed for another. */
  digest(domain: string, bytes: Uint8Array): Uint8Array;
  /** By this kiosk's own key. The same bytes give the same 64 bytes. */
  sign(signed: Uint8Array): Uint8Array;
  /** True where the key made the signature, by the one rule of the project. */
  verify(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean;
}
