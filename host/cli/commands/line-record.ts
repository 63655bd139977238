/** A line of a trace as a reader of JSON expects it. */
import type { TraceLine } from "../../../hardware/virtual/trace/trace.ts";

export const lineRecord = (line: TraceLine): unknown =>
  line.type === "bytes" ? { ...line, bytes: Buffer.from(line.bytes).toString("hex") } : line;
