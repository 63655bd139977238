/**
 * From one state to the next.
 *
 * A step that leaves a member's face as it was is seen by nobody: it commutes with whatever others do, and stays possible,
 * because nothing that was said is unsaid. So it can be put off until just before the member's next visible step. A step
 * here is what a member takes in unseen, as much of it as there is and in any order, and then one visible step. And where the
 * same visible step leads somewhere without something unseen, and that could still be taken in there, it is put off further.
 */
import { type Model, take } from "./locals.ts";
import { attackingMoves, type Menu, offeredMoves, ownMoves } from "./menu.ts";
import { comparing } from "./mirror.ts";
import { againSaid } from "./moves.ts";
import type { Triple } from "./triples.ts";

/** What makes fewer states of the same table. Both leave every face as it is, and so every violation. */
export interface Reductions {
  /** What nobody sees is put off until it is seen: see walk.ts. */
  readonly unseen: boolean;
  /** Mirror images are one state, and so are those that differ in whose votes prove something: see coarse.ts. */
  readonly mirror: boolean;
}

export interface Walk {
  readonly menu: Menu;
  readonly reductions: Reductions;
  /** Of three states of members: what makes them one state of the table or another. */
  readonly compared: (state: Triple) => Triple;
  /** By the state of a member: in which call it was come to last. */
  marks: Int32Array<ArrayBuffer>;
  call: number;
}

export interface Taken {
  readonly local: number;
  readonly move: number;
}

export function walk(menu: Menu, reductions: Reductions): Walk {
  const compared = reductions.mirror ? comparing(menu.model) : (state: Triple) => state;
  return { menu, reductions, compared, marks: new Int32Array(1 << 12), call: 0 };
}

/** Where the member may go, each once; below zero, a fault. `all` is the number of everyone's faces. */
export function steps(of: Walk, local: number, all: number): number[] {
  const visible: Edge[] = [];
  const unseen = new Map<number, Edge[]>();
  search(
    of,
    local,
    all,
    (edge) => void visible.push(edge),
    (edge) => {
      const into = unseen.get(edge.to);
      if (into === undefined) unseen.set(edge.to, [edge]);
      else into.push(edge);
    },
  );
  const targets = new Set<number>();
  for (const edge of visible) {
    if (!targets.has(edge.to) && !canWait(of, edge, unseen.get(edge.from) ?? [])) targets.add(edge.to);
  }
  return [...targets];
}

/** Whether something taken in before the visible step could be taken in after it. */
function canWait(of: Walk, { move, to }: Edge, before: readonly Edge[]): boolean {
  const { model } = of.menu;
  return before.some((unseen) => {
    const first = take(model, unseen.from, move);
    if (first < 0 || to < 0) return first < 0 && to < 0;
    return model.locals[first].face === model.locals[to].face && take(model, first, unseen.move) === to;
  });
}

/** The moves by which it comes there. */
export function wayTo(of: Walk, local: number, all: number, target: number): Taken[] {
  const came = new Map<number, Edge>();
  const note = (edge: Edge): void => {
    if (!came.has(edge.to)) came.set(edge.to, edge);
  };
  search(of, local, all, note, note);
  const way: Taken[] = [];
  for (let last = came.get(target); last !== undefined; last = last.from === local ? undefined : came.get(last.from)) {
    way.unshift({ local: last.from, move: last.move });
  }
  return way;
}

interface Edge {
  readonly from: number;
  readonly move: number;
  readonly to: number;
}

/** Unseen edges lead away from the start: from what was come to earlier to what was come to later. */
function search(
  of: Walk,
  local: number,
  all: number,
  visible: (edge: Edge) => void,
  unseen: (edge: Edge) => void,
): void {
  const { model } = of.menu;
  const { face } = model.locals[local];
  const offered = offeredMoves(of.menu, all, model.table.honest.indexOf(model.faces.all[face].member));
  of.call += 1;
  mark(of, local);
  const line = [local];
  for (let next = 0; next < line.length; next++) {
    const from = line[next];
    for (const moves of [ownMoves(of.menu, from), offered, attackingMoves(of.menu, from, all)]) {
      for (const offer of moves) {
        const [move, to] = takeAtAll(model, from, offer);
        if (to === from) continue;
        if (to < 0 || !of.reductions.unseen || model.locals[to].face !== face) {
          visible({ from, move, to });
        } else if (mark(of, to)) {
          line.push(to);
          unseen({ from, move, to });
        } else if (line.indexOf(to) > next) unseen({ from, move, to });
      }
    }
  }
}

/** A vote that is not understood is asked for again, whole. */
function takeAtAll(model: Model, from: number, move: number): readonly [move: number, to: number] {
  const to = take(model, from, move);
  const again = to === from ? againSaid(model.moves, move) : undefined;
  return again === undefined ? [move, to] : [again, take(model, from, again)];
}

/** False where it was marked in this call already. */
function mark(of: Walk, local: number): boolean {
  while (local >= of.marks.length) {
    const marks = new Int32Array(2 * of.marks.length);
    marks.set(of.marks);
    of.marks = marks;
  }
  if (of.marks[local] === of.call) return false;
  of.marks[local] = of.call;
  return true;
}
