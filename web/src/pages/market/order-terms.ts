/** What somebody has put into the trade panel, as an order. */

import type { OrderBody, Quote } from "../../api/commands";
import type { Market } from "../../api/reads";
import { parseAmount } from "../../format/amount-input";
import { fromMicros, isPositive, toMicros } from "../../format/micros";
import { likeliestFirst } from "./likeliest";

export type Side = OrderBody["side"];

export interface Terms {
  readonly side: Side;
  readonly outcome: string;
  /** Whether a purchase is of so many credits, or of whatever it takes until the outcome has some chance. */
  readonly goal: "amount" | "chance";
  /** Credits to spend, shares to sell, or the chance to buy up to in percent, as typed. */
  readonly typed: string;
}

/** What the trade form begins with. @param outcome the one to trade; the first of two or the likeliest of more, unless given. */
export function beginning(market: Market, outcome?: string): Terms {
  const first = market.outcomes[likeliestFirst(market)[0] ?? 0]?.name ?? "";
  return { side: "buy", outcome: outcome ?? first, goal: "amount", typed: "" };
}

/** Terms that were kept, as far as the market still knows them. */
export function validTerms(terms: Terms, market: Market): Terms {
  const isKnown = market.outcomes.some(({ name }) => name === terms.outcome);
  const { side, goal } = terms;
  return {
    typed: terms.typed,
    outcome: isKnown ? terms.outcome : beginning(market).outcome,
    side: side === "sell" ? "sell" : "buy",
    goal: goal === "chance" && side !== "sell" ? "chance" : "amount",
  };
}

/** How far the price may move between preview and order: two percentage points. */
const TOLERANCE = 20_000n;
const CERTAIN = 1_000_000n;
const PERCENT = 100n;
/** What a preview may spend for somebody who has no account: more than any price asks. */
const PLENTY = "1000000000";

/**
 * The order, without a limit unless it has a chance for its goal; undefined while there is no amount.
 *
 * @param balance the most that a purchase may cost; undefined for somebody without an account.
 */
export function orderOf({ side, outcome, goal, typed }: Terms, balance: string | undefined): OrderBody | undefined {
  const amount = amountIn(typed, goal);
  if (amount === undefined || !isPositive(amount)) {
    return undefined;
  }
  if (side === "buy" && goal === "chance") {
    const limit = chanceOf(amount);
    const spend = balance ?? PLENTY;
    return limit === undefined || !isPositive(spend)
      ? undefined
      : { outcome, side, spend, limit_price: limit, time_in_force: "immediate_or_cancel" };
  }
  return side === "buy" ? { outcome, side, spend: amount } : { outcome, side, quantity: amount };
}

/** The order as it is sent: refused if the price has moved away from what the preview showed. */
export function limitedOrder(order: OrderBody, preview: Quote): OrderBody {
  if (order.limit_price !== undefined) {
    return order;
  }
  const after = toMicros(preview.prices_after[order.outcome] ?? "0");
  const limit = order.side === "buy" ? after + TOLERANCE : after - TOLERANCE;
  return limit > 0n && limit < CERTAIN ? { ...order, limit_price: fromMicros(limit) } : order;
}

/** What was typed as an amount; a chance may have its sign. */
function amountIn(typed: string, goal: Terms["goal"]): string | undefined {
  return parseAmount(goal === "chance" ? typed.replace(/[%٪％]/u, "") : typed);
}

/** A chance in percent as a price between 0 and 1, both excluded; undefined where it is none. */
function chanceOf(percent: string): string | undefined {
  const micros = toMicros(percent) / PERCENT;
  return micros > 0n && micros < CERTAIN ? fromMicros(micros) : undefined;
}

/** Why what was typed is no order, in words; undefined where it is one or nothing is typed. */
export function complaint({ typed, goal }: Pick<Terms, "typed" | "goal">): string | undefined {
  if (typed.trim() === "") {
    return undefined;
  }
  const amount = amountIn(typed, goal);
  if (goal === "chance") {
    return amount === undefined || chanceOf(amount) === undefined
      ? "Type a chance between 0 and 100, such as 80."
      : undefined;
  }
  if (amount === undefined) {
    return "Type an amount above zero, with at most six decimals.";
  }
  return isPositive(amount) ? undefined : "Type an amount above zero.";
}
