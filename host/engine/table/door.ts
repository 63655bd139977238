/**
 * What a kiosk asks of a request before it lets it in: the checks of the pipeline, each by the part of the table that knows. A
 * replica asks no less when the request is executed, of the state as it then is; here it is kept from costing everybody.
 */
import type { SignedRequest } from "../../../protocol/agreement/request.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { OPERATION_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { Millis } from "../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import { verifyRequest } from "../consensus/statements.ts";
import { copyOf } from "../game/exposure.ts";
import { act } from "../game/play.ts";
import { keepPace, type Pace } from "../judge/behaviour.ts";
import { type Checks, type Judged, judgeItem } from "../judge/pipeline.ts";
import { spendingFault } from "../ledger/accounts.ts";
import { verifying } from "./court.ts";
import { benchOf } from "./epochs.ts";
import { isOperation } from "./law.ts";
import { bankOf } from "./money.ts";
import { TableOperation } from "./operation.ts";
import { accountOf, ownerOf, placeOfPlayer } from "./players.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

type AnyAction = { readonly type: string };

/** A kiosk's own memory of who came when: part of no agreed state. */
export interface Door {
  /** By member. */
  readonly paces: readonly Pace[];
  /** Up to this number the requests of a member were executed. */
  executedOf(member: number): number;
  /** Lets agreement have it, or says why not. */
  submit(signed: SignedRequest): string | undefined;
}

export interface Knock {
  readonly signed: SignedRequest;
  readonly at: Millis;
  /** Of this kiosk itself: it is numbered and signed when it is let in, and is judged by what it can pay now. */
  readonly isOwn?: boolean;
}

export const letIn = <C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  door: Door,
  knock: Knock,
): Judged<string> => judgeItem(knock, checksOf(rules, state, door));

function checksOf<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  door: Door,
): Checks<Knock, string> {
  const bench = benchOf(rules.table, state.epochs, state.dice.epoch);
  assert(bench !== undefined, "the epoch of now is known");
  return {
    size: ({ signed: { request } }) => {
      if (request.operation.length > OPERATION_SIZE_MAX) return "too long";
      return request.seat === KIOSK_SEAT || isOperation(rules, request.operation) ? undefined : "not an operation";
    },
    signature: ({ signed, isOwn = false }) => {
      if (signed.sender >= bench.members.length) return "not a member";
      return isOwn || verifyRequest(bench, verifying(rules), signed) ? undefined : "bad signature";
    },
    replay: ({ signed, isOwn = false }) => {
      const isOld = !isOwn && signed.request.number <= door.executedOf(signed.sender);
      return isOld ? "executed already" : spent(rules, state, signed);
    },
    stake: ({ signed, isOwn = false }) => {
      if (state.outcasts.some((key) => bytesEqual(key, bench.members[signed.sender]))) return "seat lost";
      // Another's may have been paid for by the time that it is executed.
      return isOwn ? unaffordable(rules, state, signed) : undefined;
    },
    behaviour: ({ signed: { sender, request }, at }) =>
      // The dice have no finger that could slip: what a kiosk does for them comes as fast as it must.
      isMachinery(request.operation) || keepPace(door.paces[sender], request.seat, tapOf(request.operation), at)
        ? undefined
        : "too fast",
    consensus: ({ signed }) => door.submit(signed),
  };
}

/** Counters that are ahead may only be early. */
function spent<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  { sender, request }: SignedRequest,
): string | undefined {
  const decoded = decode(TableOperation, request.operation);
  if (!decoded.ok || !("counter" in decoded.value)) return undefined;
  const account = accountOf(state, ownerOf(rules, state.dice.members[sender].key, request.seat));
  if (account === undefined) return undefined;
  const fault = spendingFault(state.ledger, { account, counter: decoded.value.counter });
  return fault?.why === "stale counter" ? fault.why : undefined;
}

/** What nothing that is under way can pay for: it is the account's next, and no dice are on their way. */
function unaffordable<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  { sender, request }: SignedRequest,
): string | undefined {
  const decoded = decode(TableOperation, request.operation);
  if (!decoded.ok || !("counter" in decoded.value) || state.dice.roll !== undefined) return undefined;
  const operation = decoded.value;
  const index = accountOf(state, ownerOf(rules, state.dice.members[sender].key, request.seat));
  const account = index === undefined ? undefined : state.ledger.accounts[index];
  if (account === undefined || operation.counter !== account.nextCounter) return undefined;
  const { free, stake } = account;
  if (operation.type === "stake" && operation.amount > free) return "not enough";
  if (operation.type === "unstake" && operation.amount > stake) return "not enough";
  const place = placeOfPlayer(state, index);
  if (operation.type !== "act" || place < 0) return undefined;
  const { game, config } = rules;
  const action = decode(game.layouts.action, new Uint8Array(operation.action));
  if (!action.ok) return undefined;
  const tried = { state: copyOf(game, encode(game.layouts.state, state.play.state)), moves: [...state.play.moves] };
  const moved = act(game, config, tried, place, action.value, { free, bank: bankOf(state) });
  if (!moved.ok) return moved.why === NOT_ENOUGH ? NOT_ENOUGH : undefined;
  return moved.staked - moved.returned > free ? NOT_ENOUGH : undefined;
}

/** As games say it. */
const NOT_ENOUGH = "not enough chips";

const typeOf = (operation: Uint8Array): TableOperation["type"] | undefined => {
  const decoded = decode(TableOperation, operation);
  return decoded.ok ? decoded.value.type : undefined;
};
const isMachinery = (operation: Uint8Array): boolean => typeOf(operation) === "dice";
const tapOf = (operation: Uint8Array): "bet" | "other" => (typeOf(operation) === "act" ? "bet" : "other");
