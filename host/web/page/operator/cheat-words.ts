/** What each attacker tries, and what comes of it, in plain words: whoever presses the button is to see it happen. */
import type { Cheat } from "../../contract/cheats.ts";

export interface CheatWords {
  readonly name: string;
  readonly tries: string;
  readonly becomes: string;
  /** Its own signatures prove it to anybody, and it pays for it. */
  readonly isProvable: boolean;
}

export const CHEAT_WORDS: { readonly [cheat in Cheat]: CheatWords } = Object.freeze({
  equivocation: {
    name: "Two tongues",
    tries:
      "It votes for one history at half of its neighbours and for another at the rest; when it leads, it proposes two.",
    becomes:
      "Votes are passed on, so both meet at somebody. Two signatures for one place prove it: it loses half its stake, and its seat.",
    isProvable: true,
  },
  mutation: {
    name: "Votes for nothing",
    tries: "Now and then it signs a vote for what nobody proposed.",
    becomes:
      "No quorum forms behind it. Beside its true vote for the same place it is proof: it loses half its stake, and its seat.",
    isProvable: true,
  },
  forgedPartial: {
    name: "Wrong dice",
    tries: "Its part of every roll is wrong.",
    becomes:
      "Each part carries a proof; a wrong one is set aside, and the others' parts give the same dice. It decides nothing.",
    isProvable: false,
  },
  withheldPartial: {
    name: "No dice",
    tries: "It keeps its part of every roll to itself.",
    becomes: "The others' parts are enough, and the dice are the same. That somebody said nothing cannot be proved.",
    isProvable: false,
  },
  withholding: {
    name: "Silent to half",
    tries: "Half of its neighbours never get what it says itself.",
    becomes: "They hear it from others. A lost packet looks the same, so it cannot be proved, and costs nothing.",
    isProvable: false,
  },
  selectiveSilence: {
    name: "Carries nothing",
    tries: "To half of its neighbours it sends nothing at all, nor passes anything on.",
    becomes: "Everything goes another way round. A bad radio looks the same, so it cannot be proved.",
    isProvable: false,
  },
  slowPrimary: {
    name: "Slow leader",
    tries: "When it leads, it proposes as late as it dares.",
    becomes: "Whoever is too slow is replaced as leader. Slow is not false: it cannot be proved.",
    isProvable: false,
  },
  forgedCertificates: {
    name: "Forged proofs",
    tries: "It spoils a signature in proofs that it passes on.",
    becomes:
      "Every signature is checked: they are refused, and the link pays. Nobody signed the spoilt one, so nobody is proved guilty.",
    isProvable: false,
  },
  replay: {
    name: "Old packets",
    tries: "It sends again what it sent before.",
    becomes: "What was seen is known by its number and dropped. It was true once, so it proves nothing.",
    isProvable: false,
  },
  flooding: {
    name: "Flood of nonsense",
    tries: "It signs requests that no game knows, a dozen at a time.",
    becomes:
      "They are refused at every door, and play goes on. Its signature under one is proof: it loses trust, and of its stake.",
    isProvable: true,
  },
});
