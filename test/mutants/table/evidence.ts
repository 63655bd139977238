/** Evidence, and the table's own affairs: whom they may convict, admit and remove. */
import { inEngine, type Mutant, test } from "../mutant.ts";

const EVIDENCE = inEngine("consensus/evidence");
const TABLE = inEngine("consensus/table");
const DIVERGENCE = inEngine("divergence/divergence");
const LEADER = inEngine("consensus/leader");

export const evidence: readonly Mutant[] = [
  EVIDENCE(
    "contradiction-across-views",
    "§10 two words of one view contradict each other, and of two views not",
    "  if (first.view !== second.view) return false;\n",
    "",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "contradiction-across-sequences",
    "§10 evidence compares slots",
    "  left.sequence === right.sequence &&\n  !bytesEqual(left.history, right.history);",
    "  !bytesEqual(left.history, right.history);",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "checkpoint-contradiction-unseen",
    "§10 two checkpoints of one place are evidence",
    "    if (differ(first.checkpoint, second.checkpoint)) return true;\n",
    "",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "contradiction-unseen",
    "§10 two words of one slot are evidence",
    '      report(of, ballot.sender, { type: "contradiction", first: earlier, second: ballot }, effects);\n',
    "",
    test("consensus/votes"),
  ),
  EVIDENCE(
    "amnesia-unseen",
    "§10 a wish that forgets a commit is evidence",
    "if (committed === undefined || !forgets(committed, change, body)) return;",
    "if (committed === undefined || change.view >= 0) return;",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "amnesia-in-spite-of-a-prefix",
    "§10 who proves more has forgotten nothing",
    "|| body.prefix.sequence >= at) return false;",
    ") return false;",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "amnesia-in-spite-of-a-certificate",
    "§10 who shows the certificate has forgotten nothing",
    "return !body.certificates.some((each) => each.view >= committed.view && each.sequence >= at);",
    "return true;",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "amnesia-of-an-earlier-wish",
    "§10 only a later wish can forget",
    "if (change.view <= committed.view || body",
    "if (body",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "convicted-by-the-words-of-another",
    "§10 both words are the accused's",
    "if (second.sender !== member || member",
    "if (member",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "convicted-by-unsigned-words",
    "§10 both words are signed",
    "return holds(of, ports, first) && holds(of, ports, second) ? member : undefined;",
    "return member;",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "convicted-by-a-false-body",
    "§10 the body is the one whose name was signed",
    "      if (!sameName(objectName(ports, encode(Body, body)), change.body)) return undefined;\n",
    "",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "true-new-view-convicts",
    "§10 a new view convicts where it differs from its recomputation",
    "  return result.sequence !== newView.result.sequence || !bytesEqual(result.digest, newView.result.digest);\n",
    "  return true;\n",
    test("consensus/evidence"),
  ),
  EVIDENCE(
    "accused-without-end",
    "§10 one proof a member and epoch is enough",
    "  if ((of.accused & (1 << member)) !== 0) return;\n",
    "",
    test("consensus/evidence"),
  ),
  TABLE(
    "removed-by-a-majority",
    "§8 a member goes by its own wish or by evidence, never by votes",
    '  return "unproved";\n',
    "  return undefined;\n",
    test("consensus/membership"),
  ),
  TABLE(
    "admitted-by-one",
    "§8 a quorum approves of who comes",
    'change.type === "rules" ? table.members.length : quorum(table.members.length);',
    'change.type === "rules" ? table.members.length : 1;',
    test("consensus/membership"),
  ),
  TABLE(
    "rules-by-a-quorum",
    "§8 everyone knows new rules first",
    'change.type === "rules" ? table.members.length : quorum(table.members.length);',
    "quorum(table.members.length);",
    test("consensus/rules"),
  ),
  TABLE(
    "last-two-may-leave",
    "§8 two remain",
    'if (change.type === "remove" && table.members.length - removals <= 2) return refused("few");',
    "",
    test("consensus/membership"),
  ),
  DIVERGENCE(
    "laggard-named-deviant",
    "§6.4 states of one height are compared, and nobody is named for being behind",
    "        statements.filter((each) => each.sequence === sequence),\n",
    "        statements.filter((each) => each.sequence <= sequence),\n",
    test("divergence/divergence"),
  ),
  DIVERGENCE(
    "deviant-by-f+1",
    "§6.4 whom a quorum contradicts, and nobody else, is named",
    "const certified = backed(quorum(memberCount));",
    "const certified = backed(faultsMax(memberCount) + 1);",
    test("divergence/divergence"),
  ),
  LEADER(
    "leader-by-few",
    "§8 a term is a quorum's to accept",
    "if (votes >= of.quorum && !sleeps(of, leader)) return term;",
    "if (votes >= 1 && !sleeps(of, leader)) return term;",
    test("consensus/leader"),
  ),
  LEADER(
    "sleeper-named",
    "§8 who sleeps is passed over",
    "if (!sleeps(of, primaryOf(of, next))) return next;",
    "return next;",
    test("consensus/leader"),
  ),
];
