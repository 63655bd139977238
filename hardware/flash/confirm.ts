/** The only proof of a flash: the board comes back and says the build of the image. */
import type { Board } from "../boards/board.ts";
import type { ImageManifest } from "../images/image.ts";
import { type FlashRefusal, refusal } from "./result.ts";

/** The hello of the board after its restart, or undefined when none came in the time that the caller allows. */
export type AwaitHello = () => Promise<{ readonly build: Uint8Array; readonly board: string } | undefined>;

/** Undefined where it is confirmed. `hint`: what else is known of a board that stays silent. */
export async function confirm(
  board: Board,
  manifest: ImageManifest,
  on: string,
  awaitHello: AwaitHello,
  hint: () => Promise<string>,
): Promise<FlashRefusal | undefined> {
  const refuse = (why: string, next: string): FlashRefusal =>
    refusal("not confirmed", "hear the board's hello", on, why, next, "all");
  const hello = await awaitHello();
  if (hello === undefined) {
    return refuse(`the board did not say hello${await hint()}`, board.recovery);
  }
  if (hello.board !== board.name) {
    const why = `a board "${hello.board}" said hello where "${board.name}" was flashed`;
    return refuse(why, "Look which board hangs on that port, and name the right one with --port.");
  }
  const build = Buffer.from(hello.build).toString("hex");
  if (build === manifest.build) return undefined;
  const why = `the board runs the build ${build}, and the image is ${manifest.build}`;
  return refuse(why, `Restart the board and ask it again; if it says the same, flash it again. ${board.recovery}`);
}
