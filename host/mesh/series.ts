/** Which messages say all that others of their signer say: a vote that is further, a newer word on where somebody stands. */
import type { Said } from "../../protocol/agreement/said.ts";
import { unreachable } from "../../protocol/core/assert.ts";
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

/** What is said to one alone answers where that one said it stands. Said again it says what the first would have, and more: while
 * the first still waits for its link, the second takes its place. */
export function answerOfSaid(said: Said): string | undefined {
  switch (said.type) {
    case "ballot": {
      const { sender, view, checkpoint } = said.ballot;
      return `ballot ${sender} ${view} ${checkpoint?.sequence ?? ""} ${said.proposals === undefined ? "" : "proposed"}`;
    }
    case "viewChange":
      return `viewChange ${said.change.sender}`;
    case "checkpoint":
      return `checkpoint ${said.proof.epoch}`;
    case "newView":
    case "certificate":
      return said.type;
    case "requests":
      return undefined;
    default:
      return unreachable(said);
  }
}

export function answerOfMessage(message: Message): string | undefined {
  if (message.type === "reply") return `reply ${message.client} ${message.number}`;
  if (message.type !== "stateSync") return undefined;
  const { step } = message;
  if (step.type === "recalled") return step.type;
  return step.type === "chunk" ? `chunk ${step.index} of ${step.object.digest.join(".")}` : undefined;
}
