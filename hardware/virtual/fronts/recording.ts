/** What a server of virtual boards writes down while it runs: a trace of each port, and a capture of the air. */
import { extname } from "node:path";
import type { AirSight } from "../air/sights.ts";
import { snoop, snoopCapture, snooped, snoopHead } from "../capture/btsnoop.ts";
import { airCapture, pcapHead, sniff, sniffed } from "../capture/pcap.ts";
import type { Watched } from "../capture/watch.ts";
import { headerText, lineText, type TraceHeader } from "../trace/trace.ts";
import { type BoundedFile, openBoundedFile } from "./bounded-file.ts";
import type { Crossing } from "./plug-board.ts";

export interface Refused {
  readonly ok: false;
  readonly why: string;
  readonly next: string;
}

/** Of one file; of each recording two are kept. */
const FILE_SIZE_MAX = 64 * 1024 * 1024;

export interface PortTrace {
  readonly write: (atMs: number, crossing: Crossing) => void;
  readonly close: () => void;
}

export function openTrace(
  path: string,
  header: TraceHeader,
  onFault: (why: string) => void,
): { readonly ok: true; readonly trace: PortTrace } | Refused {
  const opened = openBoundedFile(path, { sizeMax: FILE_SIZE_MAX, head: () => headerText(header), onFault });
  if (!opened.ok) return opened;
  const { file } = opened;
  return {
    ok: true,
    trace: { write: (atMs, crossing) => file.write(lineText({ ...crossing, atMs })), close: file.close },
  };
}

export interface AirRecording {
  /** What was seen since the last time, up to now. */
  readonly write: (sights: readonly AirSight[], nowUs: number) => void;
  readonly close: () => void;
}

/** How a file's name says what it is to be. */
export const CAPTURE_ENDINGS = Object.freeze([".btsnoop", ".pcap"]);

export function openCapture(
  path: string,
  watched: Watched,
  onFault: (why: string) => void,
): { readonly ok: true; readonly capture: AirRecording } | Refused {
  const ending = extname(path);
  if (!CAPTURE_ENDINGS.includes(ending)) {
    return {
      ok: false,
      why: `capturing the air to ${path}: its name ends neither in .btsnoop (for btmon) nor in .pcap (for Wireshark)`,
      next: `call it ${path}.pcap`,
    };
  }
  const kind = ending === ".pcap" ? pcapOf(watched) : snoopOf(watched);
  const opened = openBoundedFile(path, { sizeMax: FILE_SIZE_MAX, head: kind.head, onFault });
  if (!opened.ok) return opened;
  return { ok: true, capture: recordingOf(opened.file, kind) };
}

interface CaptureKind {
  readonly head: () => Uint8Array;
  readonly see: (sight: AirSight) => void;
  readonly take: (nowUs: number) => Uint8Array;
}

function pcapOf(watched: Watched): CaptureKind {
  const state = airCapture(watched);
  return { head: pcapHead, see: (sight) => sniff(state, sight), take: (nowUs) => sniffed(state, nowUs) };
}

function snoopOf(watched: Watched): CaptureKind {
  const state = snoopCapture(watched);
  return { head: () => snoopHead(state), see: (sight) => snoop(state, sight), take: (nowUs) => snooped(state, nowUs) };
}

function recordingOf(file: BoundedFile, kind: CaptureKind): AirRecording {
  const write = (nowUs: number): void => {
    const bytes = kind.take(nowUs);
    if (bytes.length > 0) file.write(bytes);
  };
  return {
    write(sights, nowUs) {
      for (const sight of sights) kind.see(sight);
      write(nowUs);
    },
    close() {
      write(Number.POSITIVE_INFINITY);
      file.close();
    },
  };
}
