/**
 * The door of a table at a kiosk: what is asked for at its page or its broker, and what neighbours bring, is looked at before agreement
 * has it. What its own people ask is refused here with a word, where every replica would refuse it. Of others' requests only those are
 * refused that no state ever takes: whoever signed one is accused of it, and nobody need agree on the request itself.
 */
import type { SignedRequest } from "../../protocol/agreement/request.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { OPERATION_SIZE_MAX, SIGNATURE_SIZE } from "../../protocol/core/limits.ts";
import { agreedMillis, counter, type Millis, memberIndex } from "../../protocol/core/units.ts";
import type { Event } from "../engine/consensus/events.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { verifyRequest } from "../engine/consensus/statements.ts";
import { pace } from "../engine/judge/behaviour.ts";
import type { Ports } from "../engine/ports.ts";
import { accusation } from "../engine/table/accusation.ts";
import { type Door, letIn } from "../engine/table/door.ts";
import { lawOf } from "../engine/table/law.ts";
import type { CrapsRules, CrapsTable } from "./craps-table.ts";
import { DICE_SEAT } from "./limits.ts";

/** Why an order of this kiosk's people is not taken. */
export interface NotTaken {
  /** For programs. */
  readonly why: string;
  /** For people. */
  readonly words: string;
}

export interface OrderDoor<S> {
  readonly own: (of: Replica<S>, order: OwnOrder) => NotTaken | undefined;
  /** Those that agreement may have; against the authors of others, what is to be ordered. */
  readonly others: (of: Replica<S>, requests: readonly SignedRequest[]) => Sorted;
}

export interface OwnOrder {
  readonly seat: number;
  readonly operation: Uint8Array;
  readonly at: Millis;
}

export interface Sorted {
  readonly taken: readonly SignedRequest[];
  readonly accusations: readonly { readonly seat: number; readonly operation: Uint8Array }[];
}

export function orderDoor(rules: CrapsRules, ports: Ports): OrderDoor<CrapsTable> {
  const own = pace();
  const { isImpossible } = lawOf(rules);
  /** Whoever was accused, one bit each, of that epoch: one offence is enough, and a flood of them costs nobody anything. */
  let accused = { epoch: 0, members: 0 };

  const accusationOf = (of: Replica<CrapsTable>, signed: SignedRequest): Uint8Array | undefined => {
    const isMember = signed.sender < of.members.length && signed.sender !== of.me && of.me >= 0;
    const bit = 1 << signed.sender;
    if (accused.epoch !== of.epoch) accused = { epoch: of.epoch, members: 0 };
    if (!isMember || (accused.members & bit) !== 0 || !verifyRequest(of, ports, signed)) return undefined;
    accused.members |= bit;
    const time = agreedMillis(of.state.time);
    const proof = { type: "impossibleRequest", signed } as const;
    const made = accusation(rules, of.state.machine, ports, of.key, of.epoch, proof, time);
    return made.ok ? made.operation : undefined;
  };

  return {
    own({ key, state }, { seat, operation, at }) {
      const { machine } = state;
      const me = machine.dice.members.findIndex((member) => bytesEqual(member.key, key));
      // Ahead of its state a kiosk cannot judge, and its engine takes nothing.
      if (me < 0) return undefined;
      const signed: SignedRequest = {
        sender: memberIndex(me),
        signature: NOT_SIGNED,
        request: { seat, number: counter(0), operation },
      };
      const door: Door = {
        paces: machine.dice.members.map(() => own),
        executedOf: () => 0,
        // Whether there is room is asked when its turn comes.
        submit: () => undefined,
      };
      const judged = letIn(rules, machine, door, { signed, at, isOwn: true });
      return judged.ok ? undefined : notTaken(judged.why);
    },
    others(of, requests) {
      const isOrder = ({ request: { seat, operation } }: SignedRequest): boolean =>
        operation.length <= OPERATION_SIZE_MAX && !isImpossible(seat, operation);
      const taken = requests.filter(isOrder);
      if (taken.length === requests.length) return { taken, accusations: [] };
      const accusations = requests.flatMap((signed) => {
        const operation = isOrder(signed) ? undefined : accusationOf(of, signed);
        return operation === undefined ? [] : [{ seat: DICE_SEAT, operation }];
      });
      return { taken, accusations };
    },
  };
}

/** What is left of an event; undefined where nothing is. `onKeptOut` is told of each that was not, with what is ordered because of it. */
export function keepOut<S>(
  door: OrderDoor<S> | undefined,
  of: Replica<S>,
  event: Event | undefined,
  onKeptOut: (accusation: Event | undefined) => void,
): Event | undefined {
  if (door === undefined || event?.type !== "said" || event.said.type !== "requests") return event;
  const { requests } = event.said;
  const { taken, accusations } = door.others(of, requests);
  if (taken.length === requests.length) return event;
  if (accusations.length === 0) onKeptOut(undefined);
  for (const each of accusations) onKeptOut({ type: "submit", at: event.at, ...each });
  return taken.length === 0 ? undefined : { ...event, said: { type: "requests", requests: [...taken] } };
}

const NOT_SIGNED = new Uint8Array(SIGNATURE_SIZE);

const notTaken = (why: string): NotTaken => ({ why, words: WORDS[why] ?? `It was refused: ${why}.` });

const WORDS: { readonly [why: string]: string } = Object.freeze({
  "too long": "That is longer than any order.",
  "not an operation": "That is no order.",
  "not a member": "This kiosk has no place at the table.",
  "seat lost": "This kiosk has lost its place at the table.",
  "too fast": "Too much was asked in too short a time.",
  "not enough": "There are not enough chips.",
  "not enough chips": "There are not enough chips.",
  "stale counter": "That was asked for before.",
});
