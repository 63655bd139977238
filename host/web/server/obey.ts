/** An order from whomever: looked at, and handed on to the kiosk if its giver may give it. Always answered. */
import { unreachable } from "../../../protocol/core/assert.ts";
import { type Answer, refused } from "../contract/answers.ts";
import { isPlayerOrder, Order } from "../contract/orders.ts";
import type { KioskPort } from "./kiosk-port.ts";
import { ANSWER_WITHIN_MS, ORDERS_BURST_MAX, ORDERS_PER_SECOND, ORDERS_UNDER_WAY_MAX } from "./limits.ts";
import { type Meter, mayAsk, meter } from "./meter.ts";

export interface Orders {
  readonly meter: Meter;
  underWay: number;
}

export interface Giver {
  readonly address: string;
  /** - noPin: nobody can be one, for there is none. */
  readonly rank: "player" | "operator" | "noPin";
}

export const orders = (): Orders => ({ meter: meter(ORDERS_PER_SECOND, ORDERS_BURST_MAX), underWay: 0 });

export async function obey(
  of: Orders,
  port: KioskPort,
  said: unknown,
  { address, rank }: Giver,
  at: number,
  onFailed: (error: unknown) => void,
): Promise<Answer> {
  if (!mayAsk(of.meter, address, at)) return refused("too fast");
  const parsed = Order.safeParse(said);
  if (!parsed.success) return refused("not an order", wrongAt(parsed.error.issues[0]?.path));
  const order = parsed.data;
  if (!isPlayerOrder(order)) {
    switch (rank) {
      case "player":
        return refused("PIN wanted", "Give the PIN first.");
      case "noPin":
        return refused("no PIN", "Set one with hardway pin.");
      case "operator":
        break;
      default:
        return unreachable(rank);
    }
  }
  if (of.underWay >= ORDERS_UNDER_WAY_MAX) return refused("busy");
  of.underWay += 1;
  const answered = port
    .order(order)
    .catch((error: unknown) => {
      onFailed(error);
      return refused("failed");
    })
    .finally(() => {
      of.underWay -= 1;
    });
  return within(answered, ANSWER_WITHIN_MS);
}

const wrongAt = (path: readonly PropertyKey[] | undefined): string | null =>
  path === undefined || path.length === 0 ? null : `Look at "${path.map(String).join(".")}".`;

function within(answered: Promise<Answer>, ms: number): Promise<Answer> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(refused("no answer yet")), ms);
    answered.then((answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}
