/** Guards of the engine, taken away one at a time. */
import type { Patch } from "./patched.ts";

const QUORUM = "host/engine/consensus/quorum.js";
export const ONE_VOTE_SHORT: readonly Patch[] = [
  {
    file: QUORUM,
    from: "Math.ceil((memberCount + faultsMax(memberCount) + 1) / 2)",
    to: "Math.ceil((memberCount + faultsMax(memberCount) + 1) / 2) - 1",
  },
  // It asserts what it is when it is loaded.
  { file: QUORUM, from: "memberCount <= MEMBERS_MAX", to: "memberCount < 1" },
];
export const NO_CLAIMS: Patch = {
  file: "host/engine/consensus/select.js",
  from: "?.name ?? certified",
  to: "?.no ?? certified",
};
export const NO_CERTIFICATES: Patch = {
  file: "host/engine/consensus/select.js",
  from: "?.name ?? certified",
  to: "?.name",
};
export const FAST_BY_QUORUM: Patch = {
  file: "host/engine/consensus/quorums.js",
  from: "ranked(of.votes.prepared, of.members.length)",
  to: "ranked(of.votes.prepared, of.quorum)",
};
export const NO_SIGNATURES: Patch = {
  file: "host/engine/consensus/ballots.js",
  from: "!verifyBallot(of, world.ports, ballot.sender, full, ballot.signature)",
  to: "false",
};
/** Those in certificates. */
export const NO_PROOFS: Patch = {
  file: "host/engine/consensus/certificates.js",
  from: "!verifyBallot(of, ports, ballot.sender, filled, ballot.signature)",
  to: "false",
};
