/** How a market has fared lately: the line to draw, and how far its leading outcome moved in a day. */

import type { Candle, Market } from "../../api/reads";
import { type History, historyOf, priceAt } from "../../chart/history";
import { now as serverNow } from "../../platform/clock";

const DAY = 86_400;
export const WEEK = 7 * DAY;

export interface Trend {
  /** The index of the outcome that stands for the market: the first of two, or the likeliest. */
  readonly leader: number;
  readonly history: History | undefined;
  /** Undefined until the prices are there. */
  readonly movedToday: number | undefined;
}

/** @param candles of the last week, from a server whose markets carry no trend of their own. */
export function trendOf(market: Market, candles: readonly Candle[] | undefined): Trend {
  const told = market.trend ?? undefined;
  const leader = told === undefined ? leaderOf(market) : indexOf(market, told.outcome);
  if (told !== undefined) {
    const prices = told.prices.map(Number);
    const moved = (prices.at(-1) ?? 0) - (prices[0] ?? 0);
    const history = { times: prices.map((_, hour) => hour), prices: [prices] };
    return { leader, history, movedToday: market.status === "ACTIVE" ? moved : 0 };
  }
  if (candles === undefined) {
    return { leader, history: undefined, movedToday: undefined };
  }
  const now = serverNow() / 1000;
  const { times, prices } = historyOf(market, candles, { interval: "1h", from: now - WEEK, now });
  const price = Number(market.outcomes[leader]?.price);
  const before = priceAt(candles, market.outcomes[leader]?.name ?? "", now - DAY) ?? price;
  return {
    leader,
    history: { times, prices: prices.slice(leader, leader + 1) },
    movedToday: market.status === "ACTIVE" ? price - before : 0,
  };
}

function indexOf({ outcomes }: Market, name: string): number {
  return Math.max(
    outcomes.findIndex((outcome) => outcome.name === name),
    0,
  );
}

function leaderOf({ outcomes }: Market): number {
  if (outcomes.length === 2) {
    return 0;
  }
  const prices = outcomes.map((outcome) => Number(outcome.price));
  return prices.indexOf(Math.max(...prices));
}
