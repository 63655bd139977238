/**
 * Every state that a table of four can come to, as far as a bound.
 *
 * A state is the three honest members' states. Messages are not part of it: what was said is said for good and may arrive at
 * any time, in any order, at some and not at others, as often as one likes; the attacker may say at any time whatever can be
 * signed by then. So who has said what follows from the members' states, and so does what can happen next.
 */
import { conflictIn, RULES, type Rule, type Violation } from "./agreement.ts";
import type { Beginning, Model } from "./locals.ts";
import { decisionsOf, facesOf, type Menu, menuOf } from "./menu.ts";
import { itemAt, longer, numberFor, type Triple, type Triples, triples } from "./triples.ts";
import { type Reductions, steps, type Walk, walk, wayTo } from "./walk.ts";

export interface Bounds {
  readonly statesMax: number;
  /** Steps from the start. */
  readonly depthMax: number;
  /** Others are not looked at. */
  readonly rules?: readonly Rule[];
  readonly reductions?: Reductions;
  /** Of each state that is new, as it is come to. */
  readonly onState?: (state: Triple) => void;
  /** Now and then, with what was visited by then; false ends it. */
  readonly goesOn?: (states: number, depth: number) => boolean;
}

export interface Outcome {
  readonly states: number;
  /** All states up to so many steps were visited. */
  readonly depth: number;
  /** There are no others. */
  readonly exhausted: boolean;
  /** What the engine was asked for, and what single members came to. */
  readonly steps: number;
  readonly locals: number;
  readonly violation: (Violation & { readonly way: Way }) | undefined;
}

/** What happened, in order: to a member in which state, and what. */
export interface Way {
  readonly model: Model;
  readonly moves: readonly { readonly local: number; readonly move: number }[];
}

interface Search {
  readonly menu: Menu;
  readonly walk: Walk;
  readonly bounds: Bounds;
  readonly rules: readonly Rule[];
  /** As they were first come to, and from which. */
  readonly states: Triples;
  parents: Int32Array<ArrayBuffer>;
  /** What of each is compared. */
  readonly seen: Triples;
  /** By the number of the faces: whether they were looked at. */
  readonly checked: boolean[];
}

export function explore({ model, first }: Beginning, bounds: Bounds): Outcome {
  const menu = menuOf(model);
  const stepsBefore = model.steps;
  const of: Search = {
    ...{ menu, walk: walk(menu, bounds.reductions ?? REDUCED), bounds, rules: bounds.rules ?? RULES },
    ...{ states: triples(), parents: new Int32Array(1 << 12), seen: triples(), checked: [] },
  };
  let found = visit(of, [first[0], first[1], first[2]], 0);
  let depth = 0;
  let from = 0;
  let goesOn = true;
  while (found === undefined && goesOn && from < of.states.length && depth < bounds.depthMax) {
    const end = of.states.length;
    for (; found === undefined && goesOn && from < end; from++) {
      found = expand(of, from);
      goesOn = of.states.length < bounds.statesMax && (from % ASK_EVERY_STATES !== 0 || asked(of, depth));
    }
    if (from < end) break;
    depth += 1;
  }
  return {
    ...{ states: of.states.length, depth, exhausted: from === of.states.length, violation: found },
    ...{ steps: model.steps - stepsBefore, locals: model.locals.length },
  };
}

const REDUCED: Reductions = Object.freeze({ unseen: true, mirror: true });
const ASK_EVERY_STATES = 500;

const asked = ({ bounds, states }: Search, depth: number): boolean => bounds.goesOn?.(states.length, depth) ?? true;

type Found = Outcome["violation"];

function expand(of: Search, number: number): Found {
  const { model } = of.menu;
  const state = itemAt(of.states, number);
  const all = facesNumber(of, state);
  for (const seat of SEATS) {
    for (const target of steps(of.walk, state[seat], all)) {
      if (target < 0) {
        const { why } = model.faults[-1 - target];
        if (!of.rules.includes("an honest step")) continue;
        return { rule: "an honest step", why, way: wayOf(of, number, seat, target) };
      }
      const next: [number, number, number] = [...state];
      next[seat] = target;
      const found = visit(of, next, number);
      if (found !== undefined) return { ...found, way: wayOf(of, number, seat, target) };
    }
  }
  return undefined;
}

const SEATS = [0, 1, 2] as const;

function visit(of: Search, state: Triple, parent: number): Found {
  const before = of.seen.length;
  const [a, b, c] = of.walk.compared(state);
  if (numberFor(of.seen, a, b, c) < before) return undefined;
  const number = of.states.length;
  numberFor(of.states, ...state);
  if (number === of.parents.length) of.parents = longer(of.parents);
  of.parents[number] = parent;
  of.bounds.onState?.(state);
  const all = facesNumber(of, state);
  if (of.checked[all] === true) return undefined;
  of.checked[all] = true;
  const { table } = of.menu.model;
  const conflict = conflictIn(table.notary, facesOf(of.menu, all), decisionsOf(of.menu, all), of.rules);
  return conflict === undefined ? undefined : { ...conflict, way: { model: of.menu.model, moves: [] } };
}

function facesNumber(of: Search, [a, b, c]: Triple): number {
  const { locals } = of.menu.model;
  return numberFor(of.menu.faces, locals[a].face, locals[b].face, locals[c].face);
}

/** Back to the start, then forward again. */
function wayOf(of: Search, last: number, seat: 0 | 1 | 2, target: number): Way {
  const line: number[] = [last];
  while (line[0] !== 0) line.unshift(of.parents[line[0]]);
  const moves = line.flatMap((number, i) => {
    const state = itemAt(of.states, number);
    const next = i + 1 < line.length ? itemAt(of.states, line[i + 1]) : undefined;
    const moved = next === undefined ? seat : (SEATS.find((each) => next[each] !== state[each]) ?? seat);
    return wayTo(of.walk, state[moved], facesNumber(of, state), next?.[moved] ?? target);
  });
  return { model: of.menu.model, moves };
}
