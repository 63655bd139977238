/** Elements of the group with their bytes: to decode or to encode one costs as much as an eighth of a proof, so that both
 * forms stay together where both are needed. */
import { bytes } from "../../../protocol/bytes/blobs.ts";
import { ELEMENT_SIZE } from "./limits.ts";
import type { Group } from "./ports.ts";

export const Element = bytes(ELEMENT_SIZE);

export interface Known<E> {
  readonly element: E;
  readonly bytes: Uint8Array;
}

export const knownAs = <E>(group: Group<E>, element: E): Known<E> => ({ element, bytes: group.encode(element) });

/** Undefined of what is no element, or the identity. */
export function known<E>(group: Group<E>, bytes: Uint8Array): Known<E> | undefined {
  const element = group.decode(bytes);
  return element === undefined ? undefined : { element, bytes };
}

/** All of them, or undefined where one is none. */
export function decodeElements<E>(group: Group<E>, encoded: readonly Uint8Array[]): E[] | undefined {
  const elements: E[] = [];
  for (const each of encoded) {
    const element = group.decode(each);
    if (element === undefined) return undefined;
    elements.push(element);
  }
  return elements;
}
