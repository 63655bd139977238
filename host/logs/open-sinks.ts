/** The sinks of a process: its standard error, and a file where one is wanted. */
import type { Writable } from "node:stream";
import { type FileBounds, fileSink } from "./file-sink.ts";
import type { Sink } from "./sink.ts";
import { streamForm, streamSink } from "./stream-sink.ts";

export interface WantedSinks {
  readonly form: "auto" | "json" | "text";
  readonly file: (FileBounds & { readonly path: string }) | undefined;
}

/** `journal`: what systemd says in JOURNAL_STREAM where it reads the standard error. */
export function openSinks(
  { form, file }: WantedSinks,
  stream: Writable & { readonly isTTY?: boolean },
  journal: string | undefined,
): Sink[] {
  const sinks = [streamSink(stream, streamForm(form, stream.isTTY === true, journal))];
  if (file !== undefined) sinks.push(fileSink(file.path, file));
  return sinks;
}
