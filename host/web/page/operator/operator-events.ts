/** What happens to an operator's page, and what it does to the world. */
import type { Refused, Session } from "../../contract/answers.ts";
import type { Frame } from "../../contract/frames.ts";
import type { Logs, Settings } from "../../contract/operator-part.ts";
import type { OperatorOrder } from "../../contract/orders.ts";

export type OperatorEvent =
  | { readonly type: "kiosks"; readonly at: number; readonly kiosks: readonly { kiosk: number; name: string }[] }
  | { readonly type: "frame"; readonly at: number; readonly kiosk: number; readonly frame: Frame }
  | { readonly type: "lost"; readonly at: number; readonly kiosk: number }
  | { readonly type: "session"; readonly at: number; readonly session: Session }
  | { readonly type: "refused"; readonly at: number; readonly why: Refused }
  | { readonly type: "settings"; readonly at: number; readonly settings: Settings }
  | { readonly type: "logs"; readonly at: number; readonly logs: Logs }
  | { readonly type: "pressed"; readonly at: number; readonly press: OperatorPress }
  | { readonly type: "tick"; readonly at: number };

/** Written into the page where it can be pressed. What was typed comes with it. */
export type OperatorPress =
  | { readonly do: "kiosk"; readonly kiosk: number }
  /** Who is to cheat, when somebody says how. */
  | { readonly do: "attacker"; readonly kiosk: number }
  | { readonly do: "order"; readonly kiosk: number; readonly order: OperatorOrder }
  | { readonly do: "begin"; readonly typed?: string }
  | { readonly do: "end" | "logs" | "settings" }
  | { readonly do: "set"; readonly key: string; readonly typed?: string };

export type OperatorEffect =
  | { readonly type: "watch"; readonly kiosk: number }
  | { readonly type: "order"; readonly kiosk: number; readonly id: number; readonly order: OperatorOrder }
  | { readonly type: "begin"; readonly pin: string }
  | { readonly type: "end" }
  | { readonly type: "fetch"; readonly what: "settings" | "logs"; readonly kiosk: number };
