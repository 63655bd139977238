/** The largest connectivity of all graphs that a table's boards allow, by looking at every one of them: pairs of kiosks in turn
 * with and without a link, until a kiosk has too many or can no longer have enough. */
import { cuts } from "../../../../host/mesh/topology/connectivity.ts";
import { type Casting, castings, type KioskRadios } from "../../../../host/mesh/topology/radios.ts";

export function largestConnectivity(kiosks: readonly KioskRadios[]): number {
  const options = kiosks.map(castings);
  for (let wanted = kiosks.length - 1; wanted > 0; wanted--) if (exists(options, wanted)) return wanted;
  return 0;
}

/** For each way to give roles, of like kiosks in one order only. */
export function exists(options: readonly (readonly Casting[])[], wanted: number): boolean {
  const edgesMin = Math.ceil((wanted * options.length) / 2);
  const cast = (chosen: readonly number[]): boolean => {
    const kiosk = chosen.length;
    if (kiosk === options.length) {
      const roles = chosen.map((at, each) => options[each][at]);
      const accepts = roles.reduce((sum, each) => sum + each.accepts, 0);
      const opens = roles.reduce((sum, each) => sum + each.opens, 0);
      return Math.min(accepts, opens) >= edgesMin && isThere(roles, wanted, Math.min(accepts, opens));
    }
    const alike = options.findIndex((each) => JSON.stringify(each) === JSON.stringify(options[kiosk]));
    let from = 0;
    for (let each = alike; each < kiosk; each++) {
      if (JSON.stringify(options[each]) === JSON.stringify(options[kiosk])) from = Math.max(from, chosen[each]);
    }
    for (let at = from; at < options[kiosk].length; at++) {
      const { accepts, opens } = options[kiosk][at];
      if (accepts + opens >= wanted && cast([...chosen, at])) return true;
    }
    return false;
  };
  return cast([]);
}

function isThere(roles: readonly Casting[], wanted: number, edgesMax: number): boolean {
  const count = roles.length;
  const roomMax = roles.map(({ accepts, opens }) => accepts + opens);
  const pairs: (readonly [number, number])[] = [];
  for (let left = 0; left < count; left++) for (let right = left + 1; right < count; right++) pairs.push([left, right]);
  const links: number[] = new Array(count).fill(0);
  const degrees: number[] = new Array(count).fill(0);
  const open: number[] = new Array(count).fill(count - 1);
  const edges: (readonly [number, number])[] = [];

  const look = (at: number): boolean => {
    if (at === pairs.length) return cuts(links, wanted - 1) === 0 && canBeTurned(roles, edges);
    const [left, right] = pairs[at];
    open[left] -= 1;
    open[right] -= 1;
    let isFound = false;
    if (degrees[left] < roomMax[left] && degrees[right] < roomMax[right] && edges.length < edgesMax) {
      links[left] |= 1 << right;
      links[right] |= 1 << left;
      degrees[left] += 1;
      degrees[right] += 1;
      edges.push(pairs[at]);
      isFound = canBeEnough(left, right) && look(at + 1);
      edges.pop();
      degrees[left] -= 1;
      degrees[right] -= 1;
      links[left] &= ~(1 << right);
      links[right] &= ~(1 << left);
    }
    isFound ||= canBeEnough(left, right) && look(at + 1);
    open[left] += 1;
    open[right] += 1;
    return isFound;
  };
  const canBeEnough = (left: number, right: number): boolean =>
    degrees[left] + open[left] >= wanted && degrees[right] + open[right] >= wanted;
  return look(0);
}

/** Each link is turned so that nobody opens or accepts too many: along paths, as for a flow. */
function canBeTurned(chosen: readonly Casting[], edges: readonly (readonly [number, number])[]): boolean {
  const accepted = edges.map(([, right]) => right);
  const other = (edge: number): number => (accepted[edge] === edges[edge][0] ? edges[edge][1] : edges[edge][0]);
  const counts = (kiosk: number): { accepts: number; opens: number } => {
    const accepts = accepted.filter((each) => each === kiosk).length;
    return { accepts, opens: edges.filter((edge) => edge.includes(kiosk)).length - accepts };
  };
  const excess = (kiosk: number): number => {
    const { accepts, opens } = counts(kiosk);
    return accepts > chosen[kiosk].accepts ? 1 : opens > chosen[kiosk].opens ? -1 : 0;
  };
  for (;;) {
    const start = chosen.findIndex((_, kiosk) => excess(kiosk) !== 0);
    if (start < 0) return true;
    const sign = excess(start);
    // To move an acceptance from `start` (or, with the other sign, to it): a path of links that are turned one by one.
    const before = new Map<number, number>([[start, -1]]);
    const queue = [start];
    let end = -1;
    for (let at = 0; at < queue.length && end < 0; at++) {
      for (let edge = 0; edge < edges.length; edge++) {
        const here = queue[at];
        const there =
          sign > 0 ? (accepted[edge] === here ? other(edge) : -1) : other(edge) === here ? accepted[edge] : -1;
        if (there < 0 || before.has(there)) continue;
        before.set(there, edge);
        queue.push(there);
        const { accepts, opens } = counts(there);
        const fits = sign > 0 ? accepts < chosen[there].accepts : opens < chosen[there].opens;
        if (fits) {
          end = there;
          break;
        }
      }
    }
    if (end < 0) return false;
    for (let kiosk = end; kiosk !== start; ) {
      const edge = before.get(kiosk) as number;
      const previous = edges[edge][0] === kiosk ? edges[edge][1] : edges[edge][0];
      accepted[edge] = sign > 0 ? kiosk : previous;
      kiosk = previous;
    }
  }
}
