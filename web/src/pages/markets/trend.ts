/** How a market has fared lately: the line to draw, and how far its leading outcome moved in a day. */

import type { Market } from "../../api/reads";
import type { History } from "../../chart/history";

export interface Trend {
  /** The index of the outcome that stands for the market: the first of two, or the likeliest. */
  readonly leader: number;
  readonly history: History;
  readonly movedToday: number;
}

/** What the server says of the last hours; of a draft, which has none, the price at which it would open. */
export function trendOf({ outcomes, status, trend }: Market): Trend {
  const leader = outcomes.findIndex((outcome) => outcome.name === trend?.outcome);
  const index = Math.max(leader, 0);
  const prices = (trend?.prices ?? [outcomes[index]?.price]).map(Number);
  const moved = (prices.at(-1) ?? 0) - (prices[0] ?? 0);
  return {
    leader: index,
    history: { times: prices.map((_, hour) => hour), prices: [prices] },
    movedToday: status === "ACTIVE" ? moved : 0,
  };
}
