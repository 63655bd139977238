/** The verifier's cryptography without a kiosk: the same group, the same digests, and signatures by the whole rule at once, where
 * a kiosk asks its native library first. */
import { domainDigest } from "../../../crypto/domain-digest.ts";
import { ristrettoGroup } from "../../../crypto/ristretto.ts";
import { wideDigest } from "../../../crypto/ristretto-digest.ts";
import { verifyZip215 } from "../../../crypto/zip215.ts";
import type { DicePorts, Group } from "../../../engine/dice/ports.ts";

export const browserPorts: DicePorts = Object.freeze({
  ...{ group: ristrettoGroup as Group, wideDigest, digest: domainDigest },
  verify: verifyZip215,
});
