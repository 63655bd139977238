/** A table's state as bytes: one state, one encoding. */
import { blob } from "../../../protocol/bytes/blobs.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { list, optional, struct } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX, SEATS_MAX } from "../../../protocol/core/limits.ts";
import { AgreedTime, PublicKey } from "../../../protocol/message/fields.ts";
import { RollProof } from "../dice/roll-proof.ts";
import { decodeDice, encodeDice } from "../dice/state.ts";
import { restore, snapshot } from "../game/play.ts";
import { OpenEvidence } from "../judge/evidence-parts.ts";
import { JudgeLayout, restoreJudge, takeJudgeSnapshot } from "../judge/judge-snapshot.ts";
import { EVIDENCE_OPEN_MAX } from "../judge/limits.ts";
import { accountIndex } from "../ledger/ledger.ts";
import { ACCOUNTS_MAX } from "../ledger/limits.ts";
import { LedgerLayout, restoreLedger, takeLedgerSnapshot } from "../ledger/snapshot.ts";
import { restoreStakes, StakesLayout, takeStakesSnapshot } from "../stakes/snapshot.ts";
import { TableEpoch } from "./epochs.ts";
import {
  DICE_SIZE_MAX,
  EPOCH_SIZE_MAX,
  EPOCHS_KEPT_MAX,
  JUDGE_SIZE_MAX,
  LEDGER_SIZE_MAX,
  OPEN_SIZE_MAX,
  PLAY_SIZE_MAX,
  PROOF_SIZE_MAX,
  ROLLS_KEPT_MAX,
  STAKES_SIZE_MAX,
} from "./limits.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

const Snapshot = struct("TableSnapshot", {
  ledger: blob(LEDGER_SIZE_MAX),
  stakes: blob(STAKES_SIZE_MAX),
  dice: blob(DICE_SIZE_MAX),
  judge: blob(JUDGE_SIZE_MAX),
  epochs: list(TableEpoch, EPOCHS_KEPT_MAX),
  outcasts: list(PublicKey, MEMBERS_MAX),
  evidence: list(OpenEvidence, EVIDENCE_OPEN_MAX),
  play: blob(PLAY_SIZE_MAX),
  places: list(optional(varint(ACCOUNTS_MAX - 1)), SEATS_MAX),
  closing: varint(2 ** SEATS_MAX - 1),
  movesUntil: optional(AgreedTime),
  rolls: list(RollProof, ROLLS_KEPT_MAX),
});

assert(LedgerLayout.sizeMax <= LEDGER_SIZE_MAX, "a ledger has the room that a table gives it");
assert(StakesLayout.sizeMax <= STAKES_SIZE_MAX, "so have stakes");
assert(JudgeLayout.sizeMax <= JUDGE_SIZE_MAX, "so has the judge");
assert(RollProof.sizeMax <= PROOF_SIZE_MAX, "so has a proof");
assert(TableEpoch.sizeMax <= EPOCH_SIZE_MAX, "so has an epoch");
assert(OpenEvidence.sizeMax <= OPEN_SIZE_MAX, "so has evidence that is not complete");

type AnyAction = { readonly type: string };

export function takeTable<C, S, A extends AnyAction, O>(
  { game }: TableRules<C, S, A, O>,
  state: TableState<S>,
): Uint8Array {
  const { ledger, stakes, dice, judge, play } = state;
  const { epochs, outcasts, evidence, places, closing, movesUntil, rolls } = state;
  return encode(Snapshot, {
    ledger: takeLedgerSnapshot(ledger),
    stakes: takeStakesSnapshot(stakes),
    dice: encodeDice(dice),
    judge: takeJudgeSnapshot(judge),
    play: snapshot(game, play),
    ...{ epochs, outcasts, evidence, places, closing, movesUntil, rolls },
  });
}

/** Undefined where the bytes are no state of this table. */
export function restoreTable<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  bytes: Uint8Array,
): TableState<S> | undefined {
  // Of bytes of its own: the state keeps views of them.
  const decoded = decode(Snapshot, new Uint8Array(bytes));
  if (!decoded.ok || decoded.value.places.length !== rules.places) return undefined;
  const { value } = decoded;
  const ledger = restoreLedger(value.ledger);
  const stakes = ledger === undefined ? undefined : restoreStakes(value.stakes, ledger);
  const dice = decodeDice(value.dice);
  const judge = restoreJudge(value.judge);
  const play = restore(rules.game, rules.config, value.play);
  if (ledger === undefined || stakes === undefined || dice === undefined) return undefined;
  if (judge === undefined || play === undefined) return undefined;
  const places = value.places.map((place) => (place === undefined ? undefined : accountIndex(place)));
  if (places.some((place) => place !== undefined && ledger.accounts[place] === undefined)) return undefined;
  if (value.epochs.at(-1)?.epoch !== dice.epoch) return undefined;
  return {
    ledger,
    stakes,
    dice,
    judge,
    epochs: value.epochs,
    outcasts: value.outcasts,
    evidence: value.evidence,
    play,
    places,
    closing: value.closing,
    movesUntil: value.movesUntil,
    rolls: [...value.rolls],
  };
}
