/** How a market has fared lately: the line to draw, and how far its leading outcome moved in a day. */

import type { Market } from "../../api/reads";
import type { History } from "../../chart/history";
import { now } from "../../platform/clock";

const DAY_MS = 86_400_000;

export interface Trend {
  /** The index of the outcome that stands for the market: the first of two, or the likeliest. */
  readonly leader: number;
  readonly history: History;
  readonly movedToday: number;
}

/** What the server says of the ends of past hours; before them, of a draft or a market of today, what it opens at. */
export function trendOf({ outcomes, published_at, status, trend }: Market): Trend {
  const leader = outcomes.findIndex((outcome) => outcome.name === trend?.outcome);
  const isYoung = published_at === null || Date.parse(published_at) > now() - DAY_MS;
  const prices = [...(isYoung ? [1 / outcomes.length] : []), ...(trend?.prices ?? []).map(Number)];
  return {
    leader: Math.max(leader, 0),
    history: { times: prices.map((_, hour) => hour), prices: [prices] },
    movedToday: status === "ACTIVE" ? (prices.at(-1) ?? 0) - (prices[0] ?? 0) : 0,
  };
}
