/** The first line of every file that an installation writes: by it the next one, and its removal, know their own. */
export const MARKER = "# Written by `hardway install`, and written anew by the next: changes go into a file beside it.";

export const isOurs = (text: string): boolean => text.startsWith(`${MARKER}\n`);

/** Sections and keys as systemd reads them; a key with several values stands several times, a comment begins with #. */
export type Section = readonly [name: string, lines: readonly string[]];

export const unitText = (sections: readonly Section[]): string =>
  `${MARKER}\n${sections.map(([name, lines]) => `\n[${name}]\n${lines.join("\n")}\n`).join("")}`;

/** One word of a command in a unit: quoted, with what systemd would expand doubled (systemd.service(5), systemd.unit(5)). */
export const quoted = (word: string): string => quotedPath(word.replaceAll("$", "$$$$"));

/** One of a list of paths in a unit, where a dollar is only a dollar. */
export function quotedPath(path: string): string {
  const doubled = path.replaceAll("%", "%%");
  return /^[\w@%+=:,./$-]+$/.test(doubled) ? doubled : `"${doubled.replace(/["\\]/g, "\\$&")}"`;
}
