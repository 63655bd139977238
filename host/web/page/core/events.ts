/** What happens to a screen, and what it does to the world. */
import type { Frame } from "../../contract/frames.ts";
import type { PlayerOrder } from "../../contract/orders.ts";
import type { CheckedRoll } from "../trust/check-roll.ts";
import type { Area, Panel, Preferences, Working } from "./page-state.ts";

export type Event =
  /** The kiosk said something. */
  | { readonly type: "frame"; readonly at: number; readonly frame: Frame }
  | { readonly type: "opened"; readonly at: number }
  | { readonly type: "lost"; readonly at: number }
  /** Something on the screen was pressed, or a key that stands for it. */
  | { readonly type: "pressed"; readonly at: number; readonly press: Press }
  | { readonly type: "tick"; readonly at: number }
  /** The proof that was asked for, as text; undefined where the kiosk has none. */
  | { readonly type: "proof"; readonly at: number; readonly roll: number; readonly text: string | undefined }
  | { readonly type: "checked"; readonly at: number; readonly roll: number; readonly checked: CheckedRoll };

/** Written into the page where it can be pressed. */
export type Press =
  | { readonly do: "touch" | "sit" | "leave" | "roll" | "passDice" | "rebuy" }
  | { readonly do: "undo" | "redo" | "repeat" | "clear" | "skip" | "closeCard" }
  | { readonly do: "chip"; readonly chips: number }
  /** Puts the chosen chip there. */
  | { readonly do: "bet"; readonly code: number }
  | { readonly do: "card"; readonly code: number }
  | { readonly do: "take"; readonly code: number }
  | { readonly do: "call"; readonly code: number; readonly working: Working }
  | { readonly do: "panel"; readonly panel: Panel }
  | { readonly do: "area"; readonly area: Area }
  | { readonly do: "prefer"; readonly preferences: Partial<Preferences> }
  | { readonly do: "tutorial"; readonly by: number }
  /** Opens the trust view of a roll. */
  | { readonly do: "trust"; readonly roll: number }
  | { readonly do: "replay"; readonly roll: number }
  | { readonly do: "tamper" | "untamper" | "save" }
  | { readonly do: "code"; readonly part: number };

export type Effect =
  | { readonly type: "order"; readonly id: number; readonly order: PlayerOrder }
  /** Aloud, in the language of the screen. */
  | { readonly type: "speak"; readonly text: string; readonly language: string }
  | { readonly type: "keep"; readonly preferences: Preferences }
  | { readonly type: "fetchProof"; readonly roll: number }
  /** Verifies the text, with the byte at `tamperAt` of the proof changed. */
  | { readonly type: "check"; readonly roll: number; readonly text: string; readonly tamperAt: number | undefined }
  | { readonly type: "save"; readonly name: string; readonly text: string }
  /** The page was served by another program than the one that runs now. */
  | { readonly type: "reload" };
