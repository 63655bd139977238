/** What is wrong with a text as YAML, in words of ours: those of the reader repeat the line, which may hold a secret. */
import type { ErrorCode } from "yaml";

const WORDS: { readonly [code in ErrorCode]?: string } = Object.freeze({
  BAD_INDENT: "it begins at another column than its neighbours, or something before it was not ended",
  TAB_AS_INDENT: "a line is indented by spaces, not by a tab",
  DUPLICATE_KEY: "this key stands here twice",
  MISSING_CHAR: "something is missing here: a quotation mark, a bracket or a colon",
  BAD_DQ_ESCAPE: "within \"…\" a backslash begins an escape: write the text within '…'",
  BAD_SCALAR_START: "a value cannot begin so: write it within quotation marks",
  BLOCK_AS_IMPLICIT_KEY: "two colons on one line: write the value within quotation marks",
  MULTIPLE_DOCS: "a second document begins here, and a kiosk has one",
  MULTILINE_IMPLICIT_KEY: "a key goes on over the end of its line, or its colon is missing",
  NON_STRING_KEY: "a key is a word",
  TAG_RESOLVE_FAILED: "a tag (!) has no meaning here",
  BAD_COLLECTION_TYPE: "a tag (!) has no meaning here",
  BAD_ALIAS: "it refers to a value elsewhere: write that here",
  UNEXPECTED_TOKEN: "this belongs to nothing above it",
});

export const yamlWords = (code: ErrorCode): string => WORDS[code] ?? "this is no YAML";
