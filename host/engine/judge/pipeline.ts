/**
 * The order in which an operation is judged: what is cheap before what is costly, what is certain before what is likely, and what
 * costs everybody last. A later check never sees what an earlier one refused: no signature is verified of what is too long, no
 * stake is looked up for a forgery, and nothing reaches agreement that one kiosk can refuse by itself.
 */

export const STAGES = Object.freeze(["size", "signature", "replay", "stake", "behaviour", "consensus"] as const);
export type Stage = (typeof STAGES)[number];

/** Each answers why not, or nothing. */
export type Checks<Item, Why extends string> = { readonly [Name in Stage]: (item: Item) => Why | undefined };

export type Judged<Why extends string> =
  | { readonly ok: true }
  | { readonly ok: false; readonly stage: Stage; readonly why: Why };

/** `critical` operations change what all share, and go through agreement; the rest is a matter of the kiosk alone. */
export function judgeItem<Item, Why extends string>(
  item: Item,
  checks: Checks<Item, Why>,
  critical = true,
): Judged<Why> {
  for (const stage of STAGES) {
    if (stage === "consensus" && !critical) break;
    const why = checks[stage](item);
    if (why !== undefined) return { ok: false, stage, why };
  }
  return { ok: true };
}

/** What every replica does with an ordered operation: the rules are asked once more, of the state as it now is, and only what
 * they allow is executed. */
export function executeValid<State, Operation, Answer, Why extends string>(
  state: State,
  operation: Operation,
  rules: {
    readonly fault: (state: State, operation: Operation) => Why | undefined;
    readonly execute: (state: State, operation: Operation) => Answer;
  },
): { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly why: Why } {
  const why = rules.fault(state, operation);
  return why === undefined ? { ok: true, answer: rules.execute(state, operation) } : { ok: false, why };
}
