/** How deep a text of YAML goes, before anything reads it: its reader calls itself for each level, and falls over thousands. */
import { CST, Lexer } from "yaml";
import { FLOW_DEPTH_MAX, INDENT_MAX } from "./limits.ts";

/** The line that goes too deep. */
export function tooDeepAt(text: string): number | undefined {
  let line = 1;
  let brackets = 0;
  /** Columns before the first word of a line: every level outside of brackets takes one at least, on its line or an earlier. */
  let column = 0;
  let isIndent = true;
  for (const source of new Lexer().lex(text)) {
    switch (CST.tokenType(source)) {
      case "flow-map-start":
      case "flow-seq-start":
        brackets += 1;
        break;
      case "flow-map-end":
      case "flow-seq-end":
        brackets = Math.max(0, brackets - 1);
        break;
      case "space":
      case "seq-item-ind":
      case "explicit-key-ind":
      case "map-value-ind":
        if (isIndent) column += source.length;
        break;
      case "newline":
      case "doc-mode":
      case "byte-order-mark":
        break;
      default:
        isIndent = false;
    }
    if (brackets > FLOW_DEPTH_MAX || column > INDENT_MAX) return line;
    for (const letter of source) {
      if (letter !== "\n") continue;
      line += 1;
      column = 0;
      isIndent = true;
    }
  }
  return undefined;
}
