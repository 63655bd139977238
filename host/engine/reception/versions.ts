/** Whether somebody's software can sit at a table: its major, and all features that the table uses. */
import { negotiate, type ProtocolVersion } from "../../../protocol/core/version.ts";

export type Fit =
  | { readonly ok: true; readonly version: ProtocolVersion }
  | { readonly ok: false; readonly why: "other version" | "unknown features" };

/** `needed` is the table's: its features are those without which nobody follows it. */
export function compatible(needed: ProtocolVersion, theirs: ProtocolVersion): Fit {
  const negotiated = negotiate(needed, theirs);
  if (!negotiated.ok) return { ok: false, why: "other version" };
  // The bitwise and of two 32-bit numbers is signed.
  if ((needed.features & ~theirs.features) >>> 0 !== 0) return { ok: false, why: "unknown features" };
  return { ok: true, version: negotiated.version };
}
