/** A partial as the engine has it, and as it crosses the air. */
import type { Message } from "../../protocol/message/kinds.ts";
import { SCALAR_SIZE } from "../engine/dice/limits.ts";
import type { PartialSaid } from "../engine/dice/partial.ts";

export function partialMessage({ roll, partial: { point, proof } }: PartialSaid): Message {
  const both = new Uint8Array(2 * SCALAR_SIZE);
  both.set(proof.challenge);
  both.set(proof.response, SCALAR_SIZE);
  return { type: "randomnessReveal", roll, content: { type: "partial", point, proof: both } };
}

/** Undefined of a message that brings none. */
export function partialOf(message: Message): PartialSaid | undefined {
  if (message.type !== "randomnessReveal" || message.content.type !== "partial") return undefined;
  const { point, proof } = message.content;
  const [challenge, response] = [proof.subarray(0, SCALAR_SIZE), proof.subarray(SCALAR_SIZE)];
  return { roll: message.roll, partial: { point, proof: { challenge, response } } };
}
