/** What a radio keeps over a restart: its role, and the last words of a run that ended badly. Flash that refuses ends no
 * radio: nothing is kept then, and nothing was. */
import type { RadioRole } from "../modem/facts.ts";
import type { Boot } from "./system-port.ts";

/** The SDK's `preference`, which holds no more than 63 B a value on the nRF52, of which a text's end takes one, and throws
 * where flash refuses. */
export interface Preferences {
  get(domain: string, key: string): string | number | boolean | ArrayBuffer | undefined;
  set(domain: string, key: string, value: string): void;
  delete(domain: string, key: string): void;
}

const DOMAIN = "hardway";
const ROLE = "role";
const WORDS = "words";
const TEXT_SIZE_MAX = 62;

/** False: flash refused. */
export function keepRole(preferences: Preferences, role: RadioRole): boolean {
  return done(() => {
    if (preferences.get(DOMAIN, ROLE) !== role) preferences.set(DOMAIN, ROLE, role);
  });
}

export function keepLastWords(preferences: Preferences, words: string): boolean {
  return done(() => {
    if (words === "") preferences.delete(DOMAIN, WORDS);
    else preferences.set(DOMAIN, WORDS, plain(words));
  });
}

export function forget(preferences: Preferences): boolean {
  const role = done(() => preferences.delete(DOMAIN, ROLE));
  return done(() => preferences.delete(DOMAIN, WORDS)) && role;
}

export function recall(preferences: Preferences): Pick<Boot, "lastWords" | "storedRole"> {
  let role: unknown;
  let words: unknown;
  done(() => {
    role = preferences.get(DOMAIN, ROLE);
    words = preferences.get(DOMAIN, WORDS);
  });
  return {
    lastWords: typeof words === "string" ? words : "",
    storedRole: role === "server" || role === "client" || role === "dual" ? role : undefined,
  };
}

function done(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** One byte a character, so that the bound is a bound of bytes. */
function plain(words: string): string {
  let text = "";
  for (let i = 0; i < words.length && text.length < TEXT_SIZE_MAX; i++) {
    const code = words.charCodeAt(i);
    text += code >= 0x20 && code < 0x7f ? words[i] : "?";
  }
  return text;
}
