/** A page as a value: what a view returns, and what a test looks at without a browser. */

export interface Element {
  readonly tag: string;
  /** Among its siblings, so that what moves keeps its focus and its motion. */
  readonly key: string | undefined;
  readonly attributes: { readonly [name: string]: string };
  /** Custom properties of style: inline style text is forbidden by the page's own policy, the script's is not. */
  readonly style: { readonly [property: string]: string };
  readonly children: readonly Node[];
}

export type Node = Element | string;

export type Attributes = { readonly [name: string]: string | number | boolean | undefined };

export type Child = Node | undefined | false | readonly Child[];

/** `key` and `--names` go their own ways; false and undefined are left out, true is an attribute without a value. */
export function h(tag: string, given: Attributes = {}, ...children: readonly Child[]): Element {
  const attributes: Record<string, string> = {};
  const style: Record<string, string> = {};
  let key: string | undefined;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === false) continue;
    const text = value === true ? "" : `${value}`;
    if (name === "key") key = text;
    else if (name.startsWith("--")) style[name] = text;
    else attributes[name] = text;
  }
  return { tag, key, attributes, style, children: flat(children) };
}

function flat(children: readonly Child[]): Node[] {
  const found: Node[] = [];
  for (const child of children) {
    if (child === undefined || child === false) continue;
    if (typeof child === "string") {
      if (child !== "") found.push(child);
    } else if (isList(child)) found.push(...flat(child));
    else found.push(child as Element);
  }
  return found;
}

const isList = (child: Child): child is readonly Child[] => Array.isArray(child);

/** All text below, as a person reads it. */
export function textOf(node: Node): string {
  if (typeof node === "string") return node;
  return node.children.map(textOf).join("");
}

/** Every element below and itself that the test holds of, in the order of the page. */
export function findAll(node: Node, holds: (element: Element) => boolean): Element[] {
  if (typeof node === "string") return [];
  return [...(holds(node) ? [node] : []), ...node.children.flatMap((child) => findAll(child, holds))];
}
