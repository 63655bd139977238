/** A table's state as bytes: one state, one encoding. */
import { blob } from "../../../protocol/bytes/blobs.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { list, optional, struct } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { SEATS_MAX } from "../../../protocol/core/limits.ts";
import { AgreedTime } from "../../../protocol/message/fields.ts";
import { RollProof } from "../dice/roll-proof.ts";
import { decodeDice, encodeDice } from "../dice/state.ts";
import { restore, snapshot } from "../game/play.ts";
import { accountIndex } from "../ledger/ledger.ts";
import { ACCOUNTS_MAX } from "../ledger/limits.ts";
import { restoreLedger, takeLedgerSnapshot } from "../ledger/snapshot.ts";
import { restoreStakes, takeStakesSnapshot } from "../stakes/snapshot.ts";
import {
  DICE_SIZE_MAX,
  LEDGER_SIZE_MAX,
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
  play: blob(PLAY_SIZE_MAX),
  places: list(optional(varint(ACCOUNTS_MAX - 1)), SEATS_MAX),
  movesUntil: optional(AgreedTime),
  rolls: list(RollProof, ROLLS_KEPT_MAX),
});

assert(RollProof.sizeMax <= PROOF_SIZE_MAX, "a proof has the room that a table gives it");

type AnyAction = { readonly type: string };

export function takeTable<C, S, A extends AnyAction, O>(
  { game }: TableRules<C, S, A, O>,
  state: TableState<S>,
): Uint8Array {
  const { ledger, stakes, dice, play, places, movesUntil, rolls } = state;
  return encode(Snapshot, {
    ledger: takeLedgerSnapshot(ledger),
    stakes: takeStakesSnapshot(stakes),
    dice: encodeDice(dice),
    play: snapshot(game, play),
    ...{ places, movesUntil, rolls },
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
  const play = restore(rules.game, rules.config, value.play);
  if (ledger === undefined || stakes === undefined || dice === undefined || play === undefined) return undefined;
  const places = value.places.map((place) => (place === undefined ? undefined : accountIndex(place)));
  if (places.some((place) => place !== undefined && ledger.accounts[place] === undefined)) return undefined;
  return { ledger, stakes, dice, play, places, movesUntil: value.movesUntil, rolls: [...value.rolls] };
}
