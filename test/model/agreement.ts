/** What must hold of all members together. */
import type { Face } from "./faces.ts";
import type { Notary } from "./notary.ts";
import { leadsThrough, onOneLine, type Spot } from "./spots.ts";

export type Rule =
  /** What honest members have executed lies on one line. */
  | "agreement"
  /** Whatever a quorum has committed, noticed or not, lies on that line. */
  | "one decision"
  /** What is committed in view 0 is where view 1 begins, or is proposed again there. */
  | "view 1 keeps what is committed"
  /** A rule that each honest member keeps alone. */
  | "an honest step";

export const RULES: readonly Rule[] = [
  ...(["agreement", "one decision", "view 1 keeps what is committed", "an honest step"] as const),
];

export interface Violation {
  readonly rule: Rule;
  readonly why: string;
}

export function conflictIn(
  of: Notary,
  faces: readonly Face[],
  decisions: readonly { readonly view: number; readonly spot: Spot }[],
  rules: readonly Rule[],
): Violation | undefined {
  return everything(of, faces, decisions).find((each) => rules.includes(each.rule));
}

function everything(
  of: Notary,
  faces: readonly Face[],
  decisions: readonly { readonly view: number; readonly spot: Spot }[],
): Violation[] {
  const found: Violation[] = [];
  for (const left of faces) {
    for (const right of faces) {
      if (right.member <= left.member || onOneLine(of, left.executed, right.executed)) continue;
      const why = `members ${left.member} and ${right.member} executed different histories`;
      found.push({ rule: "agreement", why });
    }
  }
  const decided = [...faces.map((face) => face.decided), ...decisions.map((each) => each.spot)];
  for (const [i, left] of decided.entries()) {
    if (decided.some((right, j) => j > i && !onOneLine(of, left, right))) {
      found.push({ rule: "one decision", why: `two histories are decided at ${left.sequence}` });
    }
  }
  for (const { member, entered } of faces) {
    if (entered === undefined) continue;
    const lost = decisions.find(({ view, spot }) => view === 0 && !leadsThrough(of, entered.result, spot));
    if (lost === undefined) continue;
    const why = `member ${member} entered view 1 without sequence ${lost.spot.sequence}, which is committed in view 0`;
    found.push({ rule: "view 1 keeps what is committed", why });
  }
  return found;
}
