/** Makes a part of the document look like a view, and touches only what differs: focus, motion and scrolling stay. */
import type { Element as View, Node as ViewNode } from "./element.ts";

const SVG = "http://www.w3.org/2000/svg";
const VIEW = Symbol("view");

interface Held extends Element {
  [VIEW]?: View;
}

/** The root's children become the views. */
export function patchChildren(parent: Element, views: readonly ViewNode[]): void {
  const byKey = new Map<string, Held>();
  for (const child of Array.from(parent.children) as Held[]) {
    const held = child[VIEW];
    if (held?.key !== undefined) byKey.set(held.key, child);
  }
  const wanted = new Set(
    views.flatMap((view) => (typeof view === "string" || view.key === undefined ? [] : [view.key])),
  );
  let at: ChildNode | null = parent.firstChild;
  for (const view of views) {
    // What is no longer wanted goes first, or the next unkeyed node would be taken for another.
    while (at !== null && isGone(at, wanted)) at = removed(at);
    const fitting = typeof view === "string" || view.key === undefined ? at : (byKey.get(view.key) ?? null);
    const node = fitting !== null && fits(fitting, view) ? fitting : made(view, parent);
    if (node === at) at = at?.nextSibling ?? null;
    else parent.insertBefore(node, at);
    if (typeof view === "string") {
      if (node.nodeValue !== view) node.nodeValue = view;
    } else patchElement(node as Held, view);
  }
  while (at !== null) at = removed(at);
}

function patchElement(element: Held, view: View): void {
  const before = element[VIEW];
  if (before === view) return;
  for (const name of Object.keys(before?.attributes ?? {})) {
    if (view.attributes[name] === undefined) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(view.attributes)) {
    if (before?.attributes[name] !== value) element.setAttribute(name, value);
  }
  const { style } = element as unknown as HTMLElement;
  for (const name of Object.keys(before?.style ?? {})) if (view.style[name] === undefined) style.removeProperty(name);
  for (const [name, value] of Object.entries(view.style)) {
    if (before?.style[name] !== value) style.setProperty(name, value);
  }
  element[VIEW] = view;
  patchChildren(element, view.children);
}

function fits(node: ChildNode, view: ViewNode): boolean {
  if (typeof view === "string") return node.nodeType === 3;
  const held = (node as unknown as Held)[VIEW];
  return held !== undefined && held.tag === view.tag && held.key === view.key;
}

function isGone(node: ChildNode, wanted: ReadonlySet<string>): boolean {
  const key = (node as unknown as Held)[VIEW]?.key;
  return key !== undefined && !wanted.has(key);
}

function made(view: ViewNode, parent: Element): ChildNode {
  if (typeof view === "string") return document.createTextNode(view);
  const isSvg = view.tag === "svg" || (parent.namespaceURI === SVG && parent.tagName !== "foreignObject");
  const element: Held = isSvg ? document.createElementNS(SVG, view.tag) : document.createElement(view.tag);
  element[VIEW] = { ...view, attributes: {}, style: {}, children: [] };
  return element;
}

function removed(node: ChildNode): ChildNode | null {
  const next = node.nextSibling;
  node.remove();
  return next;
}
