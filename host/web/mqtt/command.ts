/** A command as a broker brings it. */
import { z } from "zod";
import type { Refusal } from "../contract/answers.ts";
import { count } from "../contract/forms.ts";
import { parsed } from "../server/body.ts";
import { COMMAND_SIZE_MAX } from "./limits.ts";

/** The order is looked at by whoever obeys it. */
const Command = z.strictObject({ id: count.optional(), order: z.unknown() });

export type ReadCommand =
  | { readonly ok: true; readonly id: number | null; readonly order: unknown }
  | { readonly ok: false; readonly why: Refusal };

export function readCommand(bytes: Uint8Array): ReadCommand {
  if (bytes.length > COMMAND_SIZE_MAX) return { ok: false, why: "too long" };
  const json = parsed(Buffer.from(bytes).toString("utf8"));
  if (!json.ok) return json;
  const command = Command.safeParse(json.value);
  if (!command.success) return { ok: false, why: "not an order" };
  return { ok: true, id: command.data.id ?? null, order: command.data.order };
}
