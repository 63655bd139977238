/** The project's cryptography behind the engine's ports, with one kiosk's own key. */
import { Writer } from "../../protocol/bytes/cursor.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { domainDigest } from "../crypto/domain-digest.ts";
import { sign, verify } from "../crypto/ed25519.ts";
import type { KeyPair, PublicKey } from "../crypto/ed25519-keys.ts";
import { registerPublicKey } from "../crypto/register-key.ts";
import type { Ports } from "../engine/ports.ts";
import { KEYS_READY_MAX, STATEMENTS_ROOM_SIZE } from "./limits.ts";

export function cryptoPorts({ privateKey }: KeyPair): Ports {
  const ready: { readonly bytes: Uint8Array; readonly key: PublicKey | undefined }[] = [];
  /** Undefined of a key that nobody may have. To judge one costs more than to verify by it, so the answer is kept. */
  const keyOf = (bytes: Uint8Array): PublicKey | undefined => {
    const known = ready.find((each) => bytesEqual(each.bytes, bytes));
    if (known !== undefined) return known.key;
    const registered = registerPublicKey(bytes);
    const key = registered.ok ? registered.key : undefined;
    if (ready.length === KEYS_READY_MAX) ready.shift();
    ready.push({ bytes: new Uint8Array(bytes), key });
    return key;
  };
  return {
    room: new Writer(STATEMENTS_ROOM_SIZE),
    digest: domainDigest,
    sign: (signed) => sign(privateKey, signed),
    verify(bytes, signed, signature) {
      const key = keyOf(bytes);
      return key !== undefined && verify(key, signed, signature);
    },
  };
}
