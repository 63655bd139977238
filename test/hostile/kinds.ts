/** What two Byzantine kiosks of seven do, by name, and what can be proved of it. */
import { LIES, type Lie } from "../../host/liars/lies.ts";

/** What one process does. */
export type Deed =
  | Lie
  /** Its share of the dice is none. */
  | "wrongPartials"
  /** The same key as another's process. */
  | "twin"
  /** It votes as all do until it leads, and then no more: another must. Whoever never votes is not made to lead. */
  | "silentLeader"
  /** It leads into a view that does not follow from the wishes. */
  | "falseNewView"
  /** Its wishes for another view know nothing of what it has committed. */
  | "amnesia";

/** From the start of its process, or from when the parent says so. */
export const isLaunched = (deed: Deed): deed is "wrongPartials" | "twin" => deed === "wrongPartials" || deed === "twin";
export const isLie = (deed: Deed): deed is Lie => (LIES as readonly string[]).includes(deed);

export interface Hostility {
  readonly name: string;
  readonly deeds: readonly [Deed, Deed];
  /** Whose own signatures prove it: these lose stake and seat. Nobody else does. */
  readonly provable: readonly number[];
  /** Where the two stand, counted from the place that leads when they begin. */
  readonly from: readonly [number, number];
  /** For people: what is proved, or why nothing can be. */
  readonly words: string;
}

const both = (deed: Lie | "wrongPartials", isProvable: boolean, words: string): Hostility => ({
  ...{ name: deed, deeds: [deed, deed], provable: isProvable ? [0, 1] : [], from: [1, 2], words },
});

export const HOSTILITIES: readonly Hostility[] = Object.freeze([
  both("equivocation", true, "two votes for one slot, signed"),
  both("mutation", true, "two votes for one slot, signed"),
  {
    ...{ name: "falseNewView", deeds: ["silentLeader", "falseNewView"], provable: [1], from: [1, 2] },
    words: "a new view and the wishes that it does not follow from, in parts; the silence of the other proves nothing",
  },
  {
    ...{ name: "amnesia", deeds: ["silentLeader", "amnesia"], provable: [1], from: [1, 4] },
    words: "a commit and a wish that knows nothing of it; the silence of the other proves nothing",
  },
  {
    ...{ name: "twins", deeds: ["twin", "twin"], provable: [], from: [0, 1] },
    words:
      "two processes of one key say the same, or are caught as whoever votes twice; the place of the second is empty",
  },
  both("withholding", false, "who is not heard may have a bad link"),
  both("selectiveSilence", false, "who is not heard may have a bad link"),
  both("replay", false, "what was said once is true twice"),
  both(
    "flooding",
    false,
    "nothing that is not executed is proved; of what is, whoever sees it may show that no state takes it",
  ),
  both("slowPrimary", false, "who is slow is replaced, and that is all"),
  both("forgedCertificates", false, "whoever passed it on did not sign it: it costs the link"),
  both("withheldPartial", false, "who is not heard may have a bad link; the others' parts are enough"),
  both("forgedPartial", false, "a part with a wrong proof is not counted, and its envelope's signature is not kept"),
  both("wrongPartials", false, "a part with a wrong proof is not counted, and its envelope's signature is not kept"),
]);
