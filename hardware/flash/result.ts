/** How a flash ends: one union, with a name for every refusal that scripts and the documentation may rely on. */

/** By name: which exit of the command line it is, and what it means. A name once given keeps its meaning. */
export const FLASH_CODES = Object.freeze({
  "bad image": { exit: "image", about: "A file is missing, damaged, or not what image.json says." },
  "known bad": { exit: "image", about: "This very build is on the list of builds that must not be used." },
  "wrong board": { exit: "mismatch", about: "The image, or the volume that was found, is another board's." },
  "wrong chip": { exit: "mismatch", about: "The loader answers for another chip than the board's." },
  "wrong SoftDevice": { exit: "mismatch", about: "The image is linked for another SoftDevice than the board has." },
  "no port": { exit: "missing", about: "The serial port is not there, or cannot be opened." },
  "port busy": { exit: "busy", about: "Another process holds the serial port." },
  "port forbidden": { exit: "forbidden", about: "This user may not open the serial port." },
  "no loader": { exit: "silent", about: "The port opens, and no loader answers." },
  "no volume": { exit: "missing", about: "No volume of the board's bootloader is mounted." },
  "several volumes": { exit: "failed", about: "More than one such volume is mounted, and none was named." },
  "no room": { exit: "mismatch", about: "The image is larger than what the board or its volume holds." },
  "went away": { exit: "lost", about: "The board, its cable or its volume vanished in the middle." },
  "write failed": { exit: "unwritten", about: "The board or the volume refused what was written." },
  "verify failed": { exit: "unwritten", about: "What was written is not what the flash holds." },
  "not confirmed": { exit: "unconfirmed", about: "It was written, but the board did not come back with that build." },
  "needs vendor tool": {
    exit: "tool",
    about: "Only a tool of the vendor's can write this board; the message has its command.",
  },
  interrupted: { exit: "interrupted", about: "Ctrl-C, or the program was told to stop." },
} as const);

export type FlashCode = keyof typeof FLASH_CODES;

/** What of the image is on the board by now. */
export type Written = "nothing" | "part" | "all";

export interface FlashRefusal {
  readonly ok: false;
  readonly code: FlashCode;
  /** What was being done, as in "write xs_esp32.bin at 0x10000". */
  readonly step: string;
  /** The file, the port or the volume that it was done with. */
  readonly on: string;
  readonly why: string;
  /** The next thing to try. */
  readonly next: string;
  readonly written: Written;
}

export interface FlashSuccess {
  readonly ok: true;
  readonly board: string;
  readonly build: string;
  /** The port or the volume. */
  readonly on: string;
  /** Files by name. */
  readonly wrote: readonly string[];
  /** Already on the board, byte for byte. */
  readonly skipped: readonly string[];
  /** The board came back and said this build; false where nobody was there to listen. */
  readonly confirmed: boolean;
}

export type FlashResult = FlashSuccess | FlashRefusal;

/** What happened up to the restart of the board. */
export type Wrote =
  | { readonly ok: true; readonly on: string; readonly wrote: readonly string[]; readonly skipped: readonly string[] }
  | FlashRefusal;

/** Passed or refused before anything was touched. */
export type Checked = { readonly ok: true } | { readonly ok: false; readonly why: string };

export type Phase = "check" | "connect" | "write" | "verify" | "restart" | "confirm";

export interface Progress {
  readonly phase: Phase;
  /** Of the image, where the phase goes file by file. */
  readonly file?: string;
  /** Bytes where there is a file, steps elsewhere. */
  readonly done: number;
  readonly total: number;
}

export type OnProgress = (progress: Progress) => void;

export function refusal(
  code: FlashCode,
  step: string,
  on: string,
  why: string,
  next: string,
  written: Written = "nothing",
): FlashRefusal {
  return { ok: false, code, step, on, why, next, written };
}

const SAY_WRITTEN: { readonly [written in Written]: string } = {
  nothing: "Nothing was written: the board is as it was.",
  part: "The image is on the board in part.",
  all: "The whole image is on the board.",
};

/** As a person reads it, in whole lines. */
export const refusalText = ({ step, on, why, next, written }: FlashRefusal): string =>
  `Could not ${step} (${on}): ${why}\n${SAY_WRITTEN[written]}\nNext: ${next}`;

export const hexOf = (value: number): string => `0x${value.toString(16)}`;
