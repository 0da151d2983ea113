/** What somebody has put into the trade panel, as an order. */

import type { OrderBody, Quote } from "../../api/commands";
import { parseAmount } from "../../format/amount-input";
import { fromMicros, isPositive, toMicros } from "../../format/micros";

export type Side = OrderBody["side"];

export interface Terms {
  readonly side: Side;
  readonly outcome: string;
  /** Credits to spend, or shares to sell, as typed. */
  readonly typed: string;
}

/** How far the price may move between preview and order: two percentage points. */
const TOLERANCE = 20_000n;
const CERTAIN = 1_000_000n;

/** The order without a limit; undefined while there is no amount. */
export function orderOf({ side, outcome, typed }: Terms): OrderBody | undefined {
  const amount = parseAmount(typed);
  if (amount === undefined || !isPositive(amount)) {
    return undefined;
  }
  return side === "buy" ? { outcome, side, spend: amount } : { outcome, side, quantity: amount };
}

/** The order as it is sent: refused if the price has moved away from what the preview showed. */
export function limitedOrder(order: OrderBody, preview: Quote): OrderBody {
  const after = toMicros(preview.prices_after[order.outcome] ?? "0");
  const limit = order.side === "buy" ? after + TOLERANCE : after - TOLERANCE;
  return limit > 0n && limit < CERTAIN ? { ...order, limit_price: fromMicros(limit) } : order;
}

/** Why the typed amount is no order, in words; undefined where it is one or nothing is typed. */
export function complaint(typed: string): string | undefined {
  if (typed.trim() === "") {
    return undefined;
  }
  const amount = parseAmount(typed);
  if (amount === undefined) {
    return "Type an amount above zero, with at most six decimals.";
  }
  return isPositive(amount) ? undefined : "Type an amount above zero.";
}
