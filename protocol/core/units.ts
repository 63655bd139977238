/** Numbers and bytes that must not be mixed up carry a brand: swapping two is a compile error, and costs nothing. */

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A moment or a span of one machine's own clock. Fractions are allowed: at 921600 baud a byte takes 0.011 ms. */
export type Millis = Brand<number, "Millis">;
export const millis = (value: number): Millis => value as Millis;

/** A moment of agreed time: milliseconds since 1970, as the table sees it. */
export type AgreedMillis = Brand<number, "AgreedMillis">;
export const agreedMillis = (value: number): AgreedMillis => value as AgreedMillis;

/** A member's place in the table's sorted membership. */
export type MemberIndex = Brand<number, "MemberIndex">;
export const memberIndex = (value: number): MemberIndex => value as MemberIndex;

/** The membership that a message belongs to; it rises when members change. */
export type Epoch = Brand<number, "Epoch">;
export const epoch = (value: number): Epoch => value as Epoch;

/** Whose turn it is to propose. */
export type View = Brand<number, "View">;
export const view = (value: number): View => value as View;

/** The place of a batch in the agreed order. */
export type Sequence = Brand<number, "Sequence">;
export const sequence = (value: number): Sequence => value as Sequence;

/** Rises by one with each envelope that a sender signs; never used twice. */
export type Counter = Brand<number, "Counter">;
export const counter = (value: number): Counter => value as Counter;

/** One BLE connection of one radio; never used again within a boot. */
export type LinkGeneration = Brand<number, "LinkGeneration">;
export const linkGeneration = (value: number): LinkGeneration => value as LinkGeneration;

/** The smallest chip. Money is an integer, always. */
export type Chips = Brand<number, "Chips">;
export const chips = (value: number): Chips => value as Chips;
