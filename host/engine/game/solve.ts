/** What is counted from the start of a chain to its end, in expectation and exactly. The chain falls into parts that lead
 * back into themselves; the last is solved first, each by elimination in fractions. */
import { assert } from "../../../protocol/core/assert.ts";
import { type Arrow, type Chain, END } from "./chain.ts";
import { add, divide, isZero, multiply, ONE, type Ratio, ratio, subtract, ZERO } from "./ratio.ts";

/** One sum for each thing counted. */
export function solve(chain: Chain): readonly Ratio[] {
  const values: Ratio[][] = chain.states.map(() => []);
  for (const part of partsOf(chain.states)) solvePart(chain, part, values);
  return values[chain.start].map((value, i) => add(value, ratio(chain.counts[i])));
}

/** Unknown x of a part: x(s) = Σ share · (counted + x(to)), with the x of later parts known. */
function solvePart(chain: Chain, part: readonly number[], values: Ratio[][]): void {
  const width = chain.counts.length;
  const place: { [state: number]: number } = {};
  part.forEach((state, i) => {
    place[state] = i;
  });
  const rows = part.map((state, i) => {
    const row: Ratio[] = new Array<Ratio>(part.length + width).fill(ZERO);
    row[i] = ONE;
    for (const { to, weight, total, counts } of chain.states[state]) {
      const share = ratio(weight, total);
      const within = to === END ? undefined : place[to];
      if (within !== undefined) row[within] = subtract(row[within], share);
      for (let k = 0; k < width; k++) {
        const later = to === END || within !== undefined ? ZERO : values[to][k];
        row[part.length + k] = add(row[part.length + k], multiply(share, add(ratio(counts[k]), later)));
      }
    }
    return row;
  });
  eliminate(rows, part.length);
  part.forEach((state, i) => {
    values[state] = rows[i].slice(part.length);
  });
}

/** Gauss and Jordan. A part from which no way leads to the end has no solution, and a bet that never ends is no bet. */
function eliminate(rows: Ratio[][], size: number): void {
  for (let column = 0; column < size; column++) {
    const pivot = rows.findIndex((row, at) => at >= column && !isZero(row[column]));
    assert(pivot >= 0, "a wager comes to its end");
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const by = rows[column][column];
    rows[column] = rows[column].map((value, at) => (at < column ? value : divide(value, by)));
    for (let at = 0; at < size; at++) {
      const factor = rows[at][column];
      if (at === column || isZero(factor)) continue;
      rows[at] = rows[at].map((value, k) =>
        k < column || isZero(rows[column][k]) ? value : subtract(value, multiply(factor, rows[column][k])),
      );
    }
  }
}

/** Strongly connected parts (Tarjan 1972), each before those that lead to it; without recursion, for long chains. */
function partsOf(states: readonly (readonly Arrow[])[]): number[][] {
  const index: number[] = states.map(() => -1);
  const low: number[] = states.map(() => -1);
  const open: boolean[] = states.map(() => false);
  const stack: number[] = [];
  const parts: number[][] = [];
  let next = 0;
  for (let root = 0; root < states.length; root++) {
    if (index[root] >= 0) continue;
    const way: { readonly state: number; arrow: number }[] = [{ state: root, arrow: 0 }];
    while (way.length > 0) {
      const top = way[way.length - 1];
      const { state } = top;
      if (top.arrow === 0) {
        index[state] = low[state] = next++;
        stack.push(state);
        open[state] = true;
      }
      let down = -1;
      while (top.arrow < states[state].length && down < 0) {
        const { to } = states[state][top.arrow++];
        if (to === END) continue;
        if (index[to] < 0) down = to;
        else if (open[to]) low[state] = Math.min(low[state], index[to]);
      }
      if (down >= 0) {
        way.push({ state: down, arrow: 0 });
        continue;
      }
      way.pop();
      if (way.length > 0) low[way[way.length - 1].state] = Math.min(low[way[way.length - 1].state], low[state]);
      if (low[state] === index[state]) parts.push(closePart(state, stack, open));
    }
  }
  return parts;
}

function closePart(state: number, stack: number[], open: boolean[]): number[] {
  const part = stack.splice(stack.indexOf(state));
  for (const each of part) open[each] = false;
  return part;
}
