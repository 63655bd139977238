/** The leaves of plain data: numbers, words, bytes, and where nothing is. */

export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

export function leavesOf(value: unknown, path: readonly string[] = []): Leaf[] {
  if (isLeaf(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...path, key]));
}

/** With places in lists left open. */
export const textOf = (path: readonly string[]): string =>
  path.map((each) => (/^\d+$/.test(each) ? "#" : each)).join(".");

/** Puts something else in its place. */
export function change(of: object, { path, value }: Leaf): void {
  const holder = path.slice(0, -1).reduce<object>((at, key) => at[key as keyof object], of);
  Object.assign(holder, { [path[path.length - 1]]: otherThan(value) });
}

function otherThan(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value + 1 : 0;
  if (typeof value === "boolean") return !value;
  if (value instanceof Uint8Array) return value.map((byte) => byte ^ 1);
  return value === undefined ? 1 : `${value} `;
}

/** Where the two are not the same, as texts. */
export function differences(left: unknown, right: unknown, path: readonly string[] = []): string[] {
  if (left === right) return [];
  if (isLeaf(left) || isLeaf(right)) return `${left}` === `${right}` ? [] : [textOf(path)];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) => differences(left[key as keyof object], right[key as keyof object], [...path, key]));
}

function isLeaf(value: unknown): value is Exclude<unknown, object> {
  return typeof value !== "object" || value === null || value instanceof Uint8Array;
}
