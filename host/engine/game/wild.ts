/** What nobody should ask: a move with its numbers bent. */
import { type Chance, drawBelow } from "../../../protocol/core/chance.ts";

export function wildAction<A extends { readonly type: string }>(action: A, from: Chance): A {
  const fields: { [name: string]: unknown } = { ...action };
  const names = Object.keys(fields).filter((name) => typeof fields[name] === "number");
  if (names.length === 0) return action;
  const name = names[drawBelow(from, names.length)];
  fields[name] = WILD[drawBelow(from, WILD.length)] ?? drawBelow(from, 300);
  return fields as A;
}

/** Undefined: some small number. */
const WILD: readonly (number | undefined)[] = Object.freeze([
  ...[-1, 0, 1, 0.5, Number.NaN, 2 ** 31, 2 ** 53, -(2 ** 53), Number.POSITIVE_INFINITY],
  ...[undefined, undefined, undefined],
]);
