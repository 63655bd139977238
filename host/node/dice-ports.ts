/** The project's cryptography behind what dice ask of it: of a kiosk that throws them, and of anyone who checks a roll. */
import { domainDigest } from "../crypto/domain-digest.ts";
import { verify } from "../crypto/ed25519.ts";
import { registerPublicKey } from "../crypto/register-key.ts";
import { ristrettoGroup } from "../crypto/ristretto.ts";
import { wideDigest } from "../crypto/ristretto-digest.ts";
import type { OwnPorts } from "../engine/dice/own-state.ts";
import type { DicePorts, Group } from "../engine/dice/ports.ts";
import type { Ports } from "../engine/ports.ts";

export const ownDicePorts = ({ digest, verify, sign }: Ports): OwnPorts => ({
  ...{ group: ristrettoGroup as Group, wideDigest, digest, verify, sign },
});

/** Without any key of one's own. */
export const verifierPorts: DicePorts = Object.freeze({
  ...{ group: ristrettoGroup as Group, wideDigest, digest: domainDigest },
  verify(bytes: Uint8Array, signed: Uint8Array, signature: Uint8Array) {
    const registered = registerPublicKey(bytes);
    return registered.ok && verify(registered.key, signed, signature);
  },
});
