/** What the signatures cost without which a table cannot agree: for a sequence, one by each replica and one on each operation;
 * by each replica, the votes of a quorum but its own, and each operation. One costs what it costs on average in the run that it
 * is compared to, so that whatever else the machine does falls on both alike. */
import { quorum } from "../../host/engine/consensus/quorum.ts";
import type { Ports } from "../../host/engine/ports.ts";

export interface SignatureCost {
  signMs: number;
  signs: number;
  verifyMs: number;
  verifies: number;
}

export const signatureCost = (): SignatureCost => ({ signMs: 0, signs: 0, verifyMs: 0, verifies: 0 });

/** The same ports by the clock. */
export function timed(ports: Ports, of: SignatureCost): Ports {
  return {
    ...ports,
    sign(signed) {
      const begun = performance.now();
      const signature = ports.sign(signed);
      of.signMs += performance.now() - begun;
      of.signs += 1;
      return signature;
    },
    verify(key, signed, signature) {
      const begun = performance.now();
      const isGood = ports.verify(key, signed, signature);
      of.verifyMs += performance.now() - begun;
      of.verifies += 1;
      return isGood;
    },
  };
}

export const since = (now: SignatureCost, before: SignatureCost): SignatureCost => ({
  signMs: now.signMs - before.signMs,
  signs: now.signs - before.signs,
  verifyMs: now.verifyMs - before.verifyMs,
  verifies: now.verifies - before.verifies,
});

/** For one sequence. */
export function neededMs(of: SignatureCost, memberCount: number, batchLength: number): number {
  const signs = memberCount + batchLength;
  const verifies = memberCount * (quorum(memberCount) - 1 + batchLength);
  return signs * (of.signMs / of.signs) + verifies * (of.verifyMs / of.verifies);
}
