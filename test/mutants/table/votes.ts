/** Quorums, votes and the fast path. */
import { inEngine, type Mutant, test } from "../mutant.ts";

const QUORUM = inEngine("consensus/quorum");
const QUORUMS = inEngine("consensus/quorums");
const FOUND = inEngine("consensus/found");
const BALLOTS = inEngine("consensus/ballots");
const VIEWS = inEngine("consensus/views");
const ADVANCE = inEngine("consensus/advance");

export const votes: readonly Mutant[] = [
  QUORUM(
    "quorum-of-2f+1",
    "Q = ⌈(n + f + 1) / 2⌉ for every n",
    "return Math.ceil((memberCount + faultsMax(memberCount) + 1) / 2);",
    "return 2 * faultsMax(memberCount) + 1;",
    test("consensus/quorum"),
  ),
  QUORUM(
    "one-fault-too-many",
    "f = ⌊(n − 1) / 3⌋",
    "return Math.floor((memberCount - 1) / 3);",
    "return Math.floor(memberCount / 3);",
    test("consensus/quorum"),
  ),
  FOUND(
    "q-less-one",
    "§4 q members decide, not one less",
    "quorum: quorum(n),\n",
    "quorum: quorum(n) - 1,\n",
    test("consensus/votes"),
  ),
  VIEWS(
    "quorum-of-the-last-epoch",
    "§8 q is that of the new members",
    "of.quorum = quorum(n);",
    "of.quorum = Math.min(of.quorum, quorum(n));",
    test("consensus/membership"),
  ),
  QUORUMS(
    "prepared-without-the-primary",
    "§4.1 what a quorum has prepared the primary has proposed",
    "return Math.min(primary, ranked(of.votes.prepared, of.quorum));",
    "return ranked(of.votes.prepared, of.quorum);",
    test("consensus/guards-votes"),
    [
      {
        file: "host/engine/consensus/certificates.ts",
        from: "  if (first === undefined || of.votes.prepared[primary] < at) return undefined;\n",
        to:
          "  if (first === undefined || of.votes.prepared[primary] < at) {\n" +
          "    const backups = chosen(of.votes.prepareBallots, of.votes.prepared, at, of.quorum);\n" +
          '    return backups === undefined ? undefined : assemble(of, "prepared", at, backups);\n  }\n',
      },
    ],
  ),
  QUORUMS(
    "fast-path-on-a-quorum",
    "§4.2 the fast path decides on all n votes",
    "ranked(of.votes.prepared, of.members.length);",
    "ranked(of.votes.prepared, of.quorum);",
    test("consensus/fast-path"),
  ),
  BALLOTS(
    "primary-prepares-as-well",
    "§3 the pre-prepare is the primary's prepare",
    'if (leads && ballot.prepared !== undefined) return "a primary prepares by proposing";',
    "",
    test("consensus/pre-prepare"),
  ),
  BALLOTS(
    "anyone-proposes",
    "§3 only the primary proposes",
    'if (!leads && ballot.proposed !== undefined) return "only the primary proposes";',
    "",
    test("consensus/pre-prepare"),
  ),
  BALLOTS(
    "voter-out-of-range",
    "§2 indexes are looked at before they are used",
    'if (ballot.sender >= of.members.length) return "no such member";',
    "",
    test("consensus/votes"),
  ),
  BALLOTS(
    "vote-not-verified",
    "§4 votes count by signature, never by sender",
    "if (!verifyBallot(of, world.ports, ballot.sender, full, ballot.signature)) {",
    "if (ballot.signature.length === 0) {",
    test("consensus/votes"),
  ),
  BALLOTS(
    "lazy-vote-counted-unverified",
    "§4 what is counted was verified, also where votes are looked at only until they suffice",
    "  if (!verifyBallot(of, world.ports, ballot.sender, full, ballot.signature)) {",
    "  const isFirst = of.votes.prepared.every((reached) => reached === of.start.sequence);\n" +
      "  if ((isFirst || !of.options.lazy) && !verifyBallot(of, world.ports, ballot.sender, full, ballot.signature)) {",
    test("consensus/votes"),
  ),
  BALLOTS(
    "surplus-contradiction-unseen",
    "§10 a surplus vote for another history is looked at: it is evidence",
    "return said.proposals !== undefined || contradicts(of, ballot);",
    "return said.proposals !== undefined;",
    test("consensus/votes"),
  ),
  BALLOTS(
    "vote-of-another-view",
    "§4 votes count in their view alone",
    "if (full.view !== of.view) return;",
    "",
    test("consensus/votes"),
  ),
  BALLOTS(
    "prepare-for-another-history",
    "§2 a prepare counts for the history that it names",
    "prepared.sequence > votes.prepared[sender] && matches(of, prepared)",
    "prepared.sequence > votes.prepared[sender]",
    test("consensus/votes"),
  ),
  BALLOTS(
    "commit-for-another-history",
    "§2 a commit counts for the history that it names",
    "committed.sequence > votes.committed[sender] && matches(of, committed)",
    "committed.sequence > votes.committed[sender]",
    test("consensus/guards-votes"),
  ),
  BALLOTS(
    "a-prepare-is-a-commit",
    "§4 phases are counted apart",
    "  const committed = full.committed;\n",
    "  const committed = full.committed ?? prepared;\n",
    test("consensus/guards-votes"),
  ),
  BALLOTS(
    "unknown-history-is-verified",
    "§2 a vote that does not fit the own history is unverifiable, and costs no check of a signature",
    "if (!hintFits(ballot, full, said.hint)) {",
    "if (said.hint.length === 0) {",
    test("consensus/guards-votes"),
  ),
  BALLOTS(
    "early-vote-lost",
    "§4 votes that come before their proposal wait for it",
    "  line.push(said);\n",
    "",
    test("consensus/votes"),
  ),
  BALLOTS(
    "early-votes-without-bound",
    "§4 what waits has a bound",
    "if (line.length === WAITING_BALLOTS_MAX) line.shift();",
    "",
    test("consensus/guards-votes"),
  ),
  ADVANCE(
    "commit-before-prepared",
    "§4.1 a commit says that a quorum has prepared",
    "  const certificate = preparedCertificate(of, prepared);\n  if (certificate === undefined) return;\n" +
      '  effects.push({ type: "persist", record: { type: "certificate", certificate } });\n' +
      "  of.certificates = withCertificate(of.certificates, certificate);\n  of.own.committed = prepared;",
    "  of.own.committed = of.held;",
    test("consensus/guards-votes"),
  ),
  ADVANCE(
    "batch-executed-unheld",
    "§4.1 only with the batches here",
    "while (of.held < of.known && slotAt(of, of.held + 1)?.batch !== undefined) of.held += 1;",
    "of.held = of.known;",
    test("consensus/pre-prepare"),
  ),
];
