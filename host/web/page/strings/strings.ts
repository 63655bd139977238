/** The words that a page needs: English says which they are, and every language has them all. */
import type { ENGLISH } from "./en.ts";

export type StringKey = keyof typeof ENGLISH;
export type Strings = { readonly [key in StringKey]: string };
