/** Applicants' proofs at the desk that judges identities: what the reception hears of it is one word. */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import type { IdentityDesk, IdentityVerdict } from "../crypto/work/identity-desk.ts";
import { readIdentity } from "../engine/identity/record.ts";
import type { Identified, LobbyOptions } from "./lobby-part.ts";

/** `desk`: opened with what hears its verdicts. Each applicant is a source of its own here, for a letter does not tell who brought
 * it; the work of all together is bounded by the desk. */
export function identifying(
  desk: (on: (verdict: IdentityVerdict) => void) => Pick<IdentityDesk, "show">,
): LobbyOptions<unknown>["identify"] {
  const asked = new Map<string, (why: Identified) => void>();
  const answer = (source: string, why: Identified): void => {
    const done = asked.get(source);
    asked.delete(source);
    done?.(why);
  };
  const { show } = desk((verdict) =>
    answer(verdict.source, verdict.type === "accepted" ? undefined : "not identified"),
  );
  return (applicant, proof, done) => {
    const read = readIdentity(proof);
    // A record of somebody else's is not worth a hash.
    if (!read.ok || !bytesEqual(read.identity.claim.key, applicant)) return done("not identified");
    const source = Buffer.from(applicant).toString("hex");
    asked.set(source, done);
    show(source, proof);
  };
}
