/** Which messages say all that others of their signer say: a vote that is further, a newer word on where somebody stands. */
import type { Said } from "../../protocol/agreement/said.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { Series } from "./events.ts";

/** A ballot stands for all before it in its view, but for what was proposed with them, and for a checkpoint. */
export function seriesOfSaid(said: Said): Series | undefined {
  if (said.type !== "ballot" || said.proposals !== undefined || said.ballot.checkpoint !== undefined) return undefined;
  const { view, proposed, prepared, committed } = said.ballot;
  const reached = [proposed, prepared, committed].map((position) => position?.sequence ?? 0);
  return { name: `ballot ${view}`, place: reached.reduce((sum: number, each) => sum + each, 0) };
}

export function seriesOfMessage(message: Message): Series | undefined {
  if (message.type === "heartbeat") return { name: "heartbeat", place: message.time };
  if (message.type !== "stateSync" || message.step.type !== "status") return undefined;
  return { name: "status", place: message.step.time };
}
