/** Evidence in parts: what is taken, for how long, and what it costs. */
import { inEngine, type Mutant, test } from "../mutant.ts";

const PARTS = inEngine("judge/evidence-parts");
const COURT = inEngine("table/court");
const CONVICTION = inEngine("judge/conviction");
const CHEAT = inEngine("judge/cheat");
const BY = test("table/evidence-parts");

export const evidenceParts: readonly Mutant[] = [
  PARTS(
    "part-of-anything",
    "a part belongs where the one before names it",
    "each.count === part.index && bytesEqual(each.next, name)",
    "each.count === part.index",
    BY,
  ),
  PARTS(
    "part-in-any-order",
    "parts come in their order",
    "each.count === part.index && bytesEqual(each.next, name)",
    "bytesEqual(each.next, name)",
    BY,
  ),
  PARTS(
    "begun-evidence-grows-old",
    "who says the first part again keeps the set for itself",
    "(each === begun ? { ...begun, until } : each)",
    "each",
    BY,
  ),
  PARTS(
    "sets-of-one-without-bound",
    "one set at a time to whoever began it",
    '  if (open.some((each) => bytesEqual(each.by, by))) return refused("evidence open");\n',
    "",
    BY,
  ),
  PARTS(
    "sets-without-bound",
    "so many sets to a table",
    '  if (open.length === EVIDENCE_OPEN_MAX) return refused("evidence full");\n',
    "",
    BY,
  ),
  PARTS(
    "parts-without-bound",
    "so many parts to a set",
    '  if (part.index + 1 === EVIDENCE_PARTS_MAX) return refused("too long");\n',
    "",
    BY,
  ),
  PARTS(
    "parts-for-ever",
    "a set that nobody goes on with is forgotten",
    "open.some(({ until }) => until <= time) ? open.filter(({ until }) => until > time) : open",
    "time < 0 ? [] : open",
    BY,
  ),
  COURT(
    "known-evidence-begun-again",
    "what is known is not brought again",
    '  if (findOffence(state.judge.book, part.offence) !== undefined) return refuse("known evidence");\n',
    "",
    BY,
  ),
  CONVICTION(
    "convicted-under-another-name",
    "evidence proves the offence that it was begun for",
    '  if (name !== undefined && !bytesEqual(name, found.id)) return refused("another name");\n',
    "",
    BY,
  ),
  CHEAT(
    "view-liar-keeps-its-seat",
    "whoever contradicts itself where members agree loses the seat at once",
    ' || kind === "consensusViolation"',
    "",
    BY,
  ),
];
