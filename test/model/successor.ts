/** The attacker in its turn as the primary of view 1: every new view that it can name, and those that do not follow, or name
 * too few wishes or one that nobody may believe. */
import type { SignedViewChange, ViewChangeBody } from "../../protocol/agreement/certificate.ts";
import { view as viewOf } from "../../protocol/core/units.ts";
import type { Place } from "../../protocol/message/fields.ts";
import { type Moves, newViewSaid } from "./moves.ts";
import { numberOf } from "./notary.ts";
import { signersOf } from "./proofs.ts";
import type { Table } from "./setting.ts";

interface Wish {
  readonly change: SignedViewChange;
  readonly body: ViewChangeBody;
}

/** One for each thing that follows from some quorum of these wishes: which of them it names makes no difference to whoever
 * enters it. Those that were named before are named again, so that there are few. */
export interface NewViews {
  readonly byResult: Map<string, { readonly move: number; readonly wishes: readonly number[] }[]>;
}

/** By honest members, and its own. */
export interface Wishes {
  readonly honest: readonly number[];
  readonly own: readonly number[];
}

/** That anybody may enter, but for the one that says it proposes nothing again. */
export function newViews(table: Table, moves: Moves, of: NewViews, wishes: Wishes): number[] {
  const { honest, own } = wishes;
  const proper = [...subsets(honest, table.quorum), ...withOne(honest, own, table.quorum)];
  return say(table, moves, of, wishes, "proper", proper);
}

/** That nobody may enter. */
export function forgedNewViews(
  table: Table,
  moves: Moves,
  of: NewViews,
  { honest, own }: Wishes,
  forged: readonly number[],
): number[] {
  const all = { honest, own: [...own, ...forged] };
  const sender = (number: number): number => wishOf(moves, number).change.sender;
  const unbelievable = [
    ...withOne(honest, forged, table.quorum),
    ...withOne(honest, own, table.quorum - 1).flatMap((few) => forged.map((wish) => [...few, wish])),
  ].filter((chosen) => new Set(chosen.map(sender)).size === chosen.length);
  return [
    ...say(table, moves, of, all, "forged", unbelievable),
    ...say(table, moves, of, all, "too few", withOne(honest, own, table.quorum - 1)),
  ];
}

/** Each with what follows from it, and the proper ones also without. */
function say(
  table: Table,
  moves: Moves,
  of: NewViews,
  { honest, own }: Wishes,
  kind: "proper" | "forged" | "too few",
  choices: readonly (readonly number[])[],
): number[] {
  const said = new Map<string, number>();
  const all = [...honest, ...own];
  for (const chosen of choices) {
    const wishes = chosen
      .map((number) => wishOf(moves, number))
      .sort((left, right) => left.change.sender - right.change.sender);
    const { ports } = table.worlds[table.setting.byzantine];
    const selection = table.engine.select(
      wishes.map((wish) => wish.body),
      table.quorum,
      1,
    );
    const result = table.engine.resultOf(ports, selection);
    const untrue = kind === "proper" && selection.start.sequence !== result.sequence;
    for (const place of untrue ? [result, selection.start] : [result]) {
      const key = `${kind} ${place === result} ${selection.start.sequence} ${numberOf(place.digest)}`;
      if (said.has(key)) continue;
      const before = of.byResult.get(key) ?? [];
      of.byResult.set(key, before);
      const same = before.find((each) => each.wishes.every((wish) => all.includes(wish)));
      const move = same?.move ?? sayNewView(table, moves, wishes, place);
      if (same === undefined) before.push({ move, wishes: chosen });
      said.set(key, move);
    }
  }
  return [...said.values()];
}

function sayNewView(table: Table, moves: Moves, wishes: readonly Wish[], result: Place): number {
  const { engine, setting, worlds } = table;
  const viewChanges = wishes.map((wish) => wish.change);
  const newView = { view: viewOf(1), viewChanges, result };
  return newViewSaid(
    moves,
    engine.signNewView(signersOf(table), worlds[setting.byzantine].ports, setting.byzantine, newView),
  );
}

/** The last is one of its own. */
const withOne = (honest: readonly number[], own: readonly number[], size: number): number[][] =>
  subsets(honest, size - 1).flatMap((others) => own.map((wish) => [...others, wish]));

function subsets(of: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  if (of.length < size) return [];
  const [first, ...rest] = of;
  return [...subsets(rest, size - 1).map((each) => [first, ...each]), ...subsets(rest, size)];
}

function wishOf(moves: Moves, number: number): Wish {
  const move = moves.all[number];
  if (move.type !== "hear" || move.meaning.type !== "viewChange") throw new Error("a wish is a wish");
  return move.meaning;
}
