/** What can happen to a member. Each has a number, and what is said is the same thing however often and by whom it is
 * brought. */
import { HINT_SIZE, type SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { SignedNewView, SignedViewChange, ViewChangeBody } from "../../protocol/agreement/certificate.ts";
import { ViewChangeBody as Body } from "../../protocol/agreement/certificate.ts";
import type { Said } from "../../protocol/agreement/said.ts";
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import type { ObjectName } from "../../protocol/message/fields.ts";
import { freeze } from "./copy.ts";
import { numberOf } from "./notary.ts";

export type Move =
  | { readonly type: "hear"; readonly said: Said; readonly meaning: Meaning }
  /** A batch that it lacks, from anyone who has it. */
  | { readonly type: "fetch"; readonly name: ObjectName; readonly bytes: Uint8Array }
  /** Its patience is at its end: with a batch that is not full, with the votes of the rest, with the view. */
  | { readonly type: "wait"; readonly deadline: "batch" | "commit" | "view" }
  | { readonly type: "submit" };

/** What was said, with everything that its receivers work out. */
export type Meaning =
  | { readonly type: "ballot"; readonly signed: SignedBallot; readonly brings: number }
  | { readonly type: "viewChange"; readonly change: SignedViewChange; readonly body: ViewChangeBody }
  | { readonly type: "newView"; readonly signed: SignedNewView }
  | { readonly type: "other" };

export interface Moves {
  readonly all: Move[];
  readonly numbers: Map<string, number>;
  /** Of view changes, by the number of the body's name: a new view names them so. */
  readonly wishes: Map<string, number>;
  /** By number: what is the same but for names of members, as they are and exchanged. */
  readonly same: number[];
  readonly exchanged: number[];
  readonly images: Map<string, number>;
  /** By number: the same ballot, said in full. */
  readonly again: number[];
}

export const moves = (): Moves => ({
  ...{ all: [], numbers: new Map(), wishes: new Map() },
  ...{ same: [], exchanged: [], images: new Map(), again: [] },
});

export function waiting(of: Moves, deadline: "batch" | "commit" | "view"): number {
  return enter(of, `wait ${deadline}`, () => ({ type: "wait", deadline }));
}

export const submitting = (of: Moves): number => enter(of, "submit", () => ({ type: "submit" }));

export const fetching = (of: Moves, name: ObjectName, bytes: Uint8Array): number =>
  enter(of, `fetch ${numberOf(name.digest)}`, () => ({ type: "fetch", name, bytes }));

/** `signed` with every history, whether or not they are said. */
export function ballotSaid(of: Moves, said: Said & { readonly type: "ballot" }, signed: SignedBallot): number {
  const { proposals } = said;
  const brings = proposals?.slots.length ?? 0;
  const key = `ballot ${numberOf(signed.signature)} ${proposals?.first} ${brings}`;
  return enter(of, key, () => ({ type: "hear", said, meaning: { type: "ballot", signed, brings } }));
}

export function wishSaid(of: Moves, change: SignedViewChange, body: ViewChangeBody): number {
  const bytes = encode(Body, body);
  const key = `wish ${numberOf(change.signature)}`;
  const said: Said = { type: "viewChange", change, body: bytes };
  const number = enter(of, key, () => ({ type: "hear", said, meaning: { type: "viewChange", change, body } }));
  of.wishes.set(wishKey(change), number);
  return number;
}

/** Whom the new view names. */
export const wishNamed = (of: Moves, change: SignedViewChange): number | undefined => of.wishes.get(wishKey(change));

export function newViewSaid(of: Moves, signed: SignedNewView): number {
  const said: Said = { type: "newView", ...signed };
  return enter(of, `view ${numberOf(signed.signature)}`, () => ({
    ...{ type: "hear", said, meaning: { type: "newView", signed } },
  }));
}

/** A ballot as it is said to whoever asks for it: with every history, and without what it proposed. Undefined of what is no
 * ballot. */
export function againSaid(of: Moves, number: number): number | undefined {
  if (of.again[number] !== undefined) return of.again[number] === NONE ? undefined : of.again[number];
  const move = of.all[number];
  let again = NONE;
  if (move.type === "hear" && move.meaning.type === "ballot") {
    const said: Said = {
      type: "ballot",
      ballot: move.meaning.signed,
      hint: new Uint8Array(HINT_SIZE),
      proposals: undefined,
    };
    again = otherSaid(of, `again ${numberOf(move.meaning.signed.signature)}`, said);
  }
  of.again[number] = again;
  return again === NONE ? undefined : again;
}

const NONE = -1;

/** Under a name of the sayer's choice, where the same may be said in several ways. */
export const otherSaid = (of: Moves, key: string, said: Said): number =>
  enter(of, key, () => ({ type: "hear", said, meaning: { type: "other" } }));

export function bodyIn(bytes: Uint8Array | undefined): ViewChangeBody {
  const decoded = bytes === undefined ? undefined : decode(Body, bytes);
  assert(decoded?.ok === true, "a view change of two sequences fits into what is said");
  return decoded.value;
}

const wishKey = (change: SignedViewChange): string => `${change.sender} ${change.view} ${numberOf(change.body.digest)}`;

function enter(of: Moves, key: string, make: () => Move): number {
  const known = of.numbers.get(key);
  if (known !== undefined) return known;
  const number = of.all.length;
  of.numbers.set(key, number);
  of.all.push(freeze(make()));
  return number;
}
