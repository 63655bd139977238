/** States that nobody could tell apart by what is counted from there on are one: the coarsest such partition, found by
 * splitting classes until their members agree. The smaller chain has the same sums, exactly. */
import { type Arrow, type Chain, END } from "./chain.ts";

export function lump(chain: Chain): Chain {
  const rewards = new Map<string, number>();
  const heads = chain.states.map((arrows) =>
    arrows.map((arrow) => numbered(rewards, `${arrow.total} ${arrow.counts}`)),
  );
  let classes: number[] = chain.states.map(() => 0);
  let count = 1;
  for (;;) {
    const known = new Map<string, number>();
    const next = chain.states.map((arrows, at) => numbered(known, signature(arrows, heads[at], classes, classes[at])));
    classes = next;
    if (known.size === count) break;
    count = known.size;
  }
  const states: Arrow[][] = [];
  chain.states.forEach((arrows, at) => {
    if (classes[at] !== states.length) return;
    states.push(merge(arrows, classes));
  });
  return { states, start: classes[chain.start], counts: chain.counts };
}

/** Classes are numbered in the order of their first member, so that equal chains lump equally. */
function numbered(known: Map<string, number>, name: string): number {
  const at = known.get(name) ?? known.size;
  known.set(name, at);
  return at;
}

function signature(
  arrows: readonly Arrow[],
  heads: readonly number[],
  classes: readonly number[],
  own: number,
): string {
  const weights: { [name: string]: number } = {};
  arrows.forEach(({ to, weight }, i) => {
    const name = `${to === END ? "e" : classes[to]}:${heads[i]}`;
    weights[name] = (weights[name] ?? 0) + weight;
  });
  const names = Object.keys(weights).sort();
  return `${own}|${names.map((name) => `${name}:${weights[name]}`).join()}`;
}

function merge(arrows: readonly Arrow[], classes: readonly number[]): Arrow[] {
  const merged: Arrow[] = [];
  for (const arrow of arrows) {
    const to = arrow.to === END ? END : classes[arrow.to];
    const at = merged.findIndex((each) => each.to === to && each.counts.join() === arrow.counts.join());
    if (at < 0) merged.push({ ...arrow, to });
    else merged[at] = { ...merged[at], weight: merged[at].weight + arrow.weight };
  }
  return merged;
}
