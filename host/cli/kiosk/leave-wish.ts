/** What `hardway table leave` asks of the kiosk that runs on the same folder, and what becomes of it: one word in a file there, which
 * nobody but this user reads or writes. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { utf8Decode, utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { readPrivate, writePrivate } from "../../node/private-file.ts";
import type { RunningKiosk } from "../../node/start-kiosk.ts";

const WORDS = Object.freeze(["wanted", "asked", "left", "few", "no quorum"] as const);
export type LeaveWord = (typeof WORDS)[number];

const LOOK_EVERY_MS = 250;
/** An order that was refused at once is known by then. */
const REFUSED_WITHIN_MS = 2_000;
/** The others may lack the last votes of the kiosk that goes: it answers so long whoever asks. */
const LINGERS_MS = 5_000;

const pathOf = (folder: string): string => join(folder, "leave");

export const leaveWord = (folder: string): LeaveWord | undefined => {
  const text = utf8Decode(readPrivate(pathOf(folder)) ?? new Uint8Array(0));
  return WORDS.find((each) => each === text);
};

export const writeLeaveWord = (folder: string, word: LeaveWord): void => writePrivate(pathOf(folder), utf8Encode(word));

export const forgetLeaveWord = (folder: string): void => rmSync(pathOf(folder), { force: true });

export interface LeaveWatch {
  /** The table goes on without this kiosk, and has all that it needs of it. */
  readonly left: Promise<void>;
  readonly stop: () => void;
}

/** Orders what is wanted, and says what came of it. */
export function watchLeave(folder: string, { node }: Pick<RunningKiosk, "node">): LeaveWatch {
  forgetLeaveWord(folder);
  let onLeft: () => void = () => {};
  let askedAt: number | undefined;
  let lingering: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    if (askedAt === undefined) {
      if (leaveWord(folder) !== "wanted") return;
      askedAt = performance.now();
      writeLeaveWord(folder, "asked");
      node.leave();
    } else if (node.replica.me < 0) {
      lingering ??= setTimeout(() => {
        writeLeaveWord(folder, "left");
        onLeft();
      }, LINGERS_MS);
    } else if (node.lobby?.leaving === undefined && performance.now() > askedAt + REFUSED_WITHIN_MS) {
      askedAt = undefined;
      writeLeaveWord(folder, node.replica.members.length <= 2 ? "few" : "no quorum");
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    left: new Promise((resolve) => {
      onLeft = resolve;
    }),
    stop() {
      clearInterval(timer);
      clearTimeout(lingering);
    },
  };
}
