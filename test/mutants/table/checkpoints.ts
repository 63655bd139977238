/** Checkpoints, certificates and state transfer. */
import { inEngine, type Mutant, test } from "../mutant.ts";

const CHECKPOINT = inEngine("consensus/checkpoint");
const RESTORE = inEngine("consensus/restore");
const CERTIFICATES = inEngine("consensus/certificates");
const CATCH_UP = inEngine("consensus/catch-up");
const STATUS = inEngine("consensus/status");
const TABLE = inEngine("consensus/table");
const TREE = inEngine("objects/tree");
const FETCHES = inEngine("objects/fetches");
const EXECUTE = inEngine("consensus/execute");

export const checkpoints: readonly Mutant[] = [
  CHECKPOINT(
    "stable-by-f+1",
    "§6.2 stable is what q members signed",
    "if (equal.length >= of.quorum) {",
    "if (equal.length > of.faults) {",
    test("consensus/checkpoints"),
  ),
  CHECKPOINT(
    "stable-with-others",
    "§6.2 the q digests are equal",
    "(bytesEqual(vote.checkpoint.digest, own.digest) ? equal : other).push(vote);",
    "equal.push(vote);",
    test("consensus/catch-up"),
  ),
  CHECKPOINT(
    "divergence-unnoticed",
    "§6.4 a quorum for another state: this one is wrong",
    "if (other.length >= of.quorum) divergedAt(of, own, effects);",
    "",
    test("consensus/guards-transfer"),
  ),
  CHECKPOINT(
    "diverged-by-one-word",
    "§6.4 a quorum for another state, and no less",
    "if (other.length >= of.quorum) divergedAt",
    "if (other.length > 0) divergedAt",
    test("consensus/guards-transfer"),
  ),
  EXECUTE(
    "checkpoint-before-the-barrier",
    "§6.1 a checkpoint is taken after all mutation",
    "      enact(state.table, batch.barrier, state.time, world.ports);\n",
    "",
    test("consensus/rotation"),
    [
      {
        file: "host/engine/consensus/execute.ts",
        from: "takeCheckpoint(of, isBarrier, effects, world);\n}",
        to:
          "takeCheckpoint(of, isBarrier, effects, world);\n" +
          "  if (batch.barrier !== undefined && isBarrier) enact(state.table, batch.barrier, state.time, world.ports);\n}",
      },
    ],
  ),
  TABLE(
    "checkpoint-without-replies",
    "§6.1 a checkpoint covers the reply cache",
    "return encode(Agreed, { ...table, machine } as unknown",
    "const clients = table.clients.map(({ executed }) => ({ executed, replies: [] }));\n" +
      "  return encode(Agreed, { ...table, clients, machine } as unknown",
    test("consensus/replies"),
  ),
  RESTORE(
    "certificates-cut-above",
    "§6.3 only what lies below is let go",
    "of.certificates = of.certificates.filter((each) => each.sequence > header.sequence);",
    "of.certificates = [];",
    test("consensus/guards-transfer"),
  ),
  RESTORE(
    "nothing-is-cut",
    "§6.3 what lies below the stable checkpoint is let go",
    "if (of.archive.length > ARCHIVE_LENGTH_MAX) of.archive.splice(0, of.archive.length - ARCHIVE_LENGTH_MAX);",
    "",
    test("consensus/guards-transfer"),
  ),
  CERTIFICATES(
    "checkpoint-proof-unsigned",
    "§6.2 every signature of a proof is verified",
    "    if (full === undefined || !verifyBallot(of, ports, ballot.sender, full, ballot.signature)) return false;\n",
    "    if (full === undefined) return false;\n",
    test("consensus/guards-transfer"),
  ),
  CERTIFICATES(
    "checkpoint-proof-of-another-state",
    "§6.2 each vote of a proof is for this digest",
    "    if (!bytesEqual(place.digest, digest)) return false;\n",
    "",
    test("consensus/guards-transfer"),
  ),
  CERTIFICATES(
    "checkpoint-proof-by-few",
    "§6.2 a proof has q votes",
    "proof.ballots.length !== quorum(n)",
    "proof.ballots.length === 0",
    test("consensus/catch-up"),
  ),
  CERTIFICATES(
    "checkpoint-proof-of-another-epoch",
    "§8 a proof is by the members of its epoch",
    "proof.epoch !== of.epoch || proof",
    "proof",
    test("consensus/guards-transfer"),
  ),
  CERTIFICATES(
    "one-member-twice",
    "§5.2 members are distinct",
    "entries[at - 1].sender < entry.sender",
    "entries[at - 1].sender <= entry.sender",
    test("consensus/guards-transfer"),
  ),
  CERTIFICATES(
    "certificate-by-few",
    "§5.2 as many as needed",
    "if (!enough || (phase",
    "if ((phase",
    test("consensus/certificates"),
  ),
  CERTIFICATES(
    "certificate-without-the-primary",
    "§5.2 prepared is what the primary proposed",
    "led && prepares >=",
    "prepares >=",
    test("consensus/certificates"),
  ),
  CERTIFICATES(
    "certificate-of-mixed-views",
    "§5.2 one view",
    'if (ballot.view !== certificate.view) return { ok: false, why: "another view" };',
    "",
    test("consensus/certificates"),
  ),
  CERTIFICATES(
    "certificate-in-wrong-roles",
    "§5.2 right roles",
    'if (leads ? ballot.prepared !== undefined : ballot.proposed !== undefined) return { ok: false, why: "wrong role" };',
    "",
    test("consensus/certificates"),
  ),
  CERTIFICATES(
    "certificate-of-two-histories",
    "§5.2 histories follow from base and names",
    "if (filled === undefined || !consistent(filled, phase, base.sequence, histories))",
    "if (filled === undefined)",
    test("consensus/certificates"),
  ),
  CERTIFICATES(
    "certificate-unsigned",
    "§5.2 every signature is verified",
    'if (!verifyBallot(of, ports, ballot.sender, filled, ballot.signature)) return { ok: false, why: "bad signature" };',
    "",
    test("consensus/certificates"),
  ),
  CERTIFICATES(
    "certificate-past-its-names",
    "§5.2 the sequence lies between base and names",
    'if (at <= base.sequence || at > end) return { ok: false, why: "ends elsewhere" };',
    "",
    test("consensus/certificates"),
  ),
  CATCH_UP(
    "decision-unproved",
    "§9.2 nothing is taken that is not proved",
    "  const verified = verifyCertificate(of, world.ports, said);\n  if (!verified.ok) {\n",
    "  const verified = verifyCertificate(of, world.ports, said);\n" +
      "  const named = [said.base.digest, ...said.names.map((each) => each.digest)];\n" +
      "  const histories = verified.ok ? verified.proven.histories : named;\n" +
      "  if (said.ballots.length === 0 && !verified.ok) {\n",
    test("consensus/catch-up"),
    [
      {
        file: "host/engine/consensus/catch-up.ts",
        from: "takeDecision(of, said, verified.proven.histories);",
        to: "takeDecision(of, said, histories);",
      },
    ],
  ),
  CATCH_UP(
    "decision-of-prepares",
    "§9.2 what is prepared is not decided",
    'if (said.phase === "prepared" || (end <= of.decided',
    "if ((end <= of.decided",
    test("consensus/guards-transfer"),
  ),
  CATCH_UP(
    "decision-from-another-base",
    "§9.2 a decision begins where this history is",
    "  if (!bytesEqual(known, history)) {\n",
    "  if (known.length !== history.length) {\n",
    test("consensus/guards-transfer"),
  ),
  CATCH_UP(
    "checkpoint-unproved",
    "§9.2 a state is taken by the proof of its checkpoint",
    "  if (!verifyCheckpointProof(of, world.ports, proof)) {\n",
    "  if (proof.ballots.length === 0) {\n",
    test("consensus/catch-up"),
  ),
  CATCH_UP(
    "snapshot-backwards",
    "§9.2 a state is never older than the own",
    "if (header.sequence <= of.executed && !of.diverged) return;",
    "",
    test("consensus/guards-transfer"),
  ),
  STATUS(
    "view-from-a-status",
    "§9 nobody's word moves a view",
    "  clockHeard(of, from, status.time);\n",
    "  clockHeard(of, from, status.time);\n  if (status.view > of.view) of.view = status.view;\n",
    test("consensus/catch-up"),
  ),
  STATUS(
    "status-without-a-rate",
    "§9.6 one answer in so many milliseconds to one member",
    "if (of.now < of.timing.answeredAt[from] + ANSWER_EVERY_MS) return;",
    "",
    test("consensus/guards-transfer"),
  ),
  STATUS(
    "older-view-not-helped",
    "§9.3 who is in an older view is helped",
    "if (status.view < of.view) helpView(of, from, status, effects);\n  else if",
    "if",
    test("consensus/guards-views"),
  ),
  TREE(
    "chunk-of-another-object",
    "§9 every chunk is verified against the root",
    'return sameBytes(digest, name.digest) ? { ok: true } : { ok: false, why: "not of this object" };',
    "return { ok: true };",
    test("objects/tree"),
  ),
  FETCHES(
    "liar-asked-again",
    "§9 who sends a bad chunk is asked no more",
    "    bar(state, from, effects);\n",
    "",
    test("objects/whom-to-ask"),
  ),
];
