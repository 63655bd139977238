/** What many parts of the contract are made of. JSON has no undefined: what is not there is null. */
import { z } from "zod";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { LABEL_LENGTH_MAX, WORDS_LENGTH_MAX } from "./limits.ts";

/** Every field is there, and no other. */
export const record = <const T extends z.ZodRawShape>(shape: T) => z.strictObject(shape).readonly();

export const many = <T extends z.ZodType>(item: T, lengthMax: number) => z.array(item).max(lengthMax).readonly();

export const orNull = <T extends z.ZodType>(form: T) => form.nullable();

/** Zero or more. */
export const count = z.int().min(0);
export const chips = z.int().min(0);
/** Chips gained, or lost. */
export const gain = z.int();
/** From nothing to everything. */
export const share = z.number().min(0).max(1);
/** By this kiosk's own clock, since 1970. Every frame tells what that clock shows, so that a page can count down. */
export const timeMs = z.number().min(0);
export const spanMs = z.number().min(0);
/** A place among the members, in the order of their keys. */
export const member = z
  .int()
  .min(0)
  .max(MEMBERS_MAX - 1);
/** One of a few words that programs compare, each with its sentence somewhere. */
export const word = z.string().min(1).max(LABEL_LENGTH_MAX);
export const label = z.string().max(LABEL_LENGTH_MAX);
/** A sentence in English, for operators and where nobody has a better one. */
export const words = z.string().max(WORDS_LENGTH_MAX);
export const hex = z.string().regex(/^(?:[0-9a-f]{2})*$/);

/** Why a thing may not be done now, null where it may: a word of the game or of the ledger, which has its sentence there, or one
 * of `REFUSALS`. */
export const whyNot = orNull(word);
