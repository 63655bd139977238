/** A strict reader of as much XML as reports are made of: elements, attributes, text, five names and numbers. */
export interface Element {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  readonly children: Element[];
  text: string;
}

export function parseXml(source: string): Element {
  const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(source);
  if (forbidden !== null) throw new Error(`a character that XML cannot hold at ${forbidden.index}`);
  const body = source.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, "").trimEnd();
  const reader = /<\/([a-z-]+)>|<([a-z-]+)((?: [a-z]+="[^"<]*")*)\s*(\/?)>|([^<]+)/giy;
  const open: Element[] = [];
  let root: Element | undefined;
  while (reader.lastIndex < body.length) {
    const at = reader.lastIndex;
    const match = reader.exec(body);
    if (match === null) throw new Error(`no XML at ${at}: ${body.slice(at, at + 40)}`);
    const [, closed, opened, attributes, isEmpty, text] = match;
    if (text !== undefined) {
      const inside = open.at(-1);
      if (inside === undefined) throw new Error(`text outside at ${at}`);
      inside.text += plain(text);
    } else if (closed !== undefined) {
      const element = open.pop();
      if (element?.name !== closed) throw new Error(`${closed} closes ${element?.name}`);
    } else {
      const element: Element = { name: opened, attributes: attributesOf(attributes), children: [], text: "" };
      if (root === undefined) root = element;
      else if (open.length === 0) throw new Error("two roots");
      open.at(-1)?.children.push(element);
      if (isEmpty === "") open.push(element);
    }
  }
  if (root === undefined || open.length > 0) throw new Error("an element is not closed");
  return root;
}

function attributesOf(text: string): { [name: string]: string } {
  const made: { [name: string]: string } = {};
  for (const [, name, value] of text.matchAll(/ ([a-z]+)="([^"]*)"/gi)) {
    if (Object.hasOwn(made, name)) throw new Error(`${name} is there twice`);
    // A raw line end in an attribute is read as a space.
    made[name] = plain(value.replace(/[\t\n\r]/g, " "));
  }
  return made;
}

const NAMES: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function plain(text: string): string {
  return text.replace(/&([^;]*;?)/g, (whole, name: string) => {
    const number = /^#(\d+);$/.exec(name);
    if (number !== null) return String.fromCodePoint(Number(number[1]));
    const known = NAMES[name.slice(0, -1)];
    if (!name.endsWith(";") || known === undefined) throw new Error(`${whole} is nothing`);
    return known;
  });
}
