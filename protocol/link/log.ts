/** Lines for the other end's log: short, few, and after all else. */
import { utf8Encode } from "../bytes/utf8.ts";
import { LOG_TEXT_SIZE_MAX } from "../core/limits.ts";
import { push } from "../core/queue.ts";
import type { LinkEvent } from "./events.ts";
import type { Link } from "./state.ts";

export function onLog(link: Link, event: LinkEvent & { type: "log" }): void {
  const text = cutText(utf8Encode(event.text), LOG_TEXT_SIZE_MAX);
  if (!push(link.logs, { level: event.level, text })) link.counters.logsDropped += 1;
}

/** The whole characters that fit: a torn one would spoil the line. */
export function cutText(text: Uint8Array, sizeMax: number): Uint8Array {
  if (text.length <= sizeMax) return text;
  let size = sizeMax;
  while (size > 0 && (text[size] & 0xc0) === 0x80) size -= 1;
  return text.slice(0, size);
}
