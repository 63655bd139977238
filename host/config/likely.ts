/** Which key was meant by one that there is not. */
import { CONFIG_KEYS, CONFIG_SECTIONS } from "./keys.ts";
import type { Nearest } from "./problems.ts";

/** Of a key that stands in a section: one of that very name elsewhere, or else one with nearly its name here. */
export function likelyStranger(section: readonly string[], word: string, nearest: Nearest): string | undefined {
  const elsewhere = NAMED.filter(({ path }) => last(path) === word);
  if (elsewhere.length === 1) return elsewhere[0].name;
  const prefix = section.map((step) => `${step}.`).join("");
  const beside = NAMED.filter(({ name, path }) => path.length === section.length + 1 && name.startsWith(prefix));
  const near = nearest(
    word,
    beside.map(({ path }) => last(path)),
  );
  return near === undefined ? likelyKey(word, nearest) : `${prefix}${near}`;
}

/** Of a key that is asked for by a name, whole or in part. */
export function likelyKey(name: string, nearest: Nearest): string | undefined {
  const word = last(name.split("."));
  const near = nearest(
    name,
    CONFIG_KEYS.map((key) => key.name),
  );
  return only(word) ?? near ?? only(nearest(word, WORDS));
}

/** The one key whose last word this is. */
function only(word: string | undefined): string | undefined {
  const found = CONFIG_KEYS.filter(({ path }) => last(path) === word);
  return found.length === 1 ? found[0].name : undefined;
}

const last = (path: readonly string[]): string => path[path.length - 1];
const NAMED = Object.freeze([...CONFIG_KEYS, ...CONFIG_SECTIONS]);
const WORDS: readonly string[] = Object.freeze(CONFIG_KEYS.map(({ path }) => last(path)));
