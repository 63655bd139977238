/** What a kiosk's process and its workers say to each other. Bytes cross as bytes. A worker's arguments are the library that it is
 * to have and how much it gives way. */
import type { Judgement } from "../../engine/identity/events.ts";
import type { ProfileName } from "../../engine/identity/profiles.ts";
import type { Identity, IdentityScope } from "../../engine/identity/record.ts";
import type { Chunk, Wanted } from "../../engine/identity/search.ts";
import type { Binding } from "./argon2.ts";

export type Job =
  | { readonly type: "judge"; readonly identity: Identity; readonly scope: IdentityScope }
  | { readonly type: "try"; readonly wanted: Wanted; readonly chunk: Chunk }
  | { readonly type: "time"; readonly profile: ProfileName };

export type Done =
  | { readonly type: "judged"; readonly judgement: Judgement }
  | { readonly type: "tried"; readonly foundNonce: number | undefined }
  | { readonly type: "timed"; readonly hashMs: number };

export type WorkerHears = { readonly number: number; readonly job: Job };

export type WorkerSays =
  | { readonly type: "ready"; readonly binding: Binding }
  | { readonly type: "done"; readonly number: number; readonly done: Done };

/** The fastest that is there. */
export const ANY_BINDING = "any";
