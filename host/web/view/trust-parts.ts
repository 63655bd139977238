/** Where all chips are, and what is proved of whom. */
import { Evidence as EvidenceLayout } from "../../../protocol/agreement/evidence.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { sha256 } from "../../crypto/sha256.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import { accusedBy } from "../../engine/consensus/evidence.ts";
import type { CheatKind } from "../../engine/judge/cheat.ts";
import { audit } from "../../engine/ledger/audit.ts";
import type { LedgerPart } from "../contract/ledger-part.ts";
import { EVIDENCE_SHOWN_MAX } from "../contract/limits.ts";
import type { Evidence, TrustPart } from "../contract/trust-part.ts";
import { hex } from "./hex.ts";
import type { AboutKiosk, SeenKiosk } from "./seen-kiosk.ts";

export function ledgerPart({ node: { replica } }: SeenKiosk, auditedAt: number): LedgerPart {
  const { ledger } = replica.state.machine;
  const { accounts, minted, bank, reserved, pool, burned } = ledger;
  const verdict = audit(ledger);
  const sum = (part: "free" | "locked" | "stake" | "unbonding"): number =>
    accounts.reduce((all, account) => all + account[part], 0);
  return {
    ...{ minted, bank, reserved, pool, burned, accounts: accounts.length, auditedAt },
    ...{ free: sum("free"), locked: sum("locked"), staked: sum("stake") + sum("unbonding") },
    ...{
      isBalanced: verdict.ok,
      fault: verdict.ok ? null : verdict.why,
      difference: verdict.ok ? 0 : verdict.difference,
    },
  };
}

/** Evidence that this kiosk's own engine found, or was shown: whole, with its bytes. */
export interface FoundEvidence {
  readonly kind: CheatKind;
  readonly bytes: string;
  readonly accused: string;
  readonly sequence: number;
  readonly at: number;
}

const KINDS = Object.freeze({
  contradiction: "doubleVote",
  amnesia: "consensusViolation",
  falseNewView: "consensusViolation",
} as const);

export function found(
  list: readonly FoundEvidence[],
  { evidence }: Extract<Effect, { type: "evidence" }>,
  { node: { replica } }: SeenKiosk,
  at: number,
): readonly FoundEvidence[] {
  const bytes = hex(encode(EvidenceLayout, evidence).slice());
  if (list.some((each) => each.bytes === bytes)) return list;
  const key = replica.members[accusedBy(evidence)];
  const one = {
    kind: KINDS[evidence.type],
    bytes,
    accused: key === undefined ? "" : hex(key),
    sequence: replica.executed,
    at,
  };
  return [...list, one].slice(-EVIDENCE_SHOWN_MAX);
}

export function trustPart(
  { nameOf }: Pick<AboutKiosk, "nameOf">,
  { node: { replica } }: SeenKiosk,
  own: readonly FoundEvidence[],
  dateOf: (agreed: number) => number,
): TrustPart {
  const { judge, stakes, dice, outcasts } = replica.state.machine;
  const members = dice.members.map(({ key }) => hex(key));
  const placeOf = (key: string): number | null => {
    const place = members.indexOf(key);
    return place < 0 ? null : place;
  };
  const whoIs = (key: string): Pick<Evidence, "accused" | "accusedName" | "hasLostSeat"> => ({
    ...{ accused: placeOf(key), accusedName: nameOf(key) ?? "" },
    hasLostSeat: placeOf(key) === null || outcasts.some((outcast) => hex(outcast) === key),
  });
  const slashedAt = (at: number): number =>
    stakes.stakers.reduce((sum, { slashes }) => sum + (slashes.find((slash) => slash.at === at)?.chips ?? 0), 0);
  const proved = judge.book.entries.map(({ id, key, kind, at }): Evidence => {
    const accused = hex(key);
    const seen = own.find((each) => each.accused === accused && each.kind === kind);
    return {
      ...{ digest: hex(id), kind, ...whoIs(accused), accuser: null, sequence: seen?.sequence ?? null },
      ...{ at: dateOf(at), verdict: "proved", slashed: slashedAt(at), words: WORDS[kind], bytes: seen?.bytes ?? null },
    };
  });
  const isProved = ({ accused, kind }: FoundEvidence): boolean =>
    judge.book.entries.some((entry) => hex(entry.key) === accused && entry.kind === kind);
  const shown = own
    .filter((each) => !isProved(each))
    .map(
      ({ kind, bytes, accused, sequence, at }): Evidence => ({
        ...{
          digest: hex(sha256(new Uint8Array(Buffer.from(bytes, "hex")))),
          kind,
          ...whoIs(accused),
          accuser: replica.me < 0 ? null : replica.me,
          sequence,
          at,
        },
        ...{ verdict: "shown", slashed: 0, words: WORDS[kind], bytes },
      }),
    );
  return { evidence: [...shown, ...proved].slice(-EVIDENCE_SHOWN_MAX), upheld: proved.length, dismissed: 0 };
}

const WORDS: { readonly [kind in CheatKind]: string } = Object.freeze({
  balanceViolation: "It spent the same chips twice.",
  invalidTransition: "It asked for what no state of the game allows.",
  forgedSignature: "It proposed what its client never signed.",
  doubleVote: "It voted for two different histories.",
  invalidRoll: "It opened a secret that is not the one that it was bound to.",
  timestamp: "It lied about the time.",
  consensusViolation: "It broke a rule of agreement that it had signed.",
});
