/** Prices over time, drawn from candles: what they were at each moment, flat where nobody traded. */

import { type Interval, SECONDS_OF } from "../api/intervals";
import type { Candle, Market } from "../api/reads";

/** A span of time as people choose it, and how finely it is asked for: never more than 1 000 candles. */
export interface Range {
  readonly label: string;
  readonly name: string;
  readonly seconds: number;
  readonly interval: Interval;
}

const RANGES: readonly Range[] = [
  { label: "1H", name: "one hour", seconds: 3_600, interval: "1m" },
  { label: "6H", name: "six hours", seconds: 21_600, interval: "1m" },
  { label: "1D", name: "one day", seconds: 86_400, interval: "1h" },
  { label: "1W", name: "one week", seconds: 604_800, interval: "1h" },
  { label: "1M", name: "one month", seconds: 2_592_000, interval: "1h" },
];

/** From the market's beginning on. */
export function wholeRange(market: Market, now: number): Range {
  const ageSeconds = Math.ceil(now - begin(market));
  const finest = (["1m", "1h", "1d"] as const).find((interval) => ageSeconds / SECONDS_OF[interval] < 980) ?? "1d";
  return { label: "All", name: "all time", seconds: Math.max(ageSeconds, 60), interval: finest };
}

/** The last parts of a market's time; once trading is over there are none, for they might show nothing of it. */
export function recentRanges(market: Market, now: number): readonly Range[] {
  return market.status === "ACTIVE" ? RANGES.filter((range) => range.seconds < now - begin(market)) : [];
}

/** Moments, in seconds, and for each outcome what it traded at then. */
export interface History {
  readonly times: readonly number[];
  readonly prices: readonly (readonly number[])[];
}

/**
 * The history of a market.
 *
 * @param candles oldest first; only intervals with trades.
 * @param from the first moment to show, in seconds.
 * @param now the last one.
 */
export function historyOf(
  market: Market,
  candles: readonly Candle[],
  interval: Interval,
  from: number,
  now: number,
): History {
  const outcomes = market.outcomes.map((outcome) => outcome.name);
  const times: number[] = [];
  const prices: number[][] = outcomes.map(() => []);
  const add = (time: number, priceOf: (outcome: string, index: number) => string | undefined) => {
    times.push(time);
    outcomes.forEach((outcome, index) => prices[index]?.push(Number(priceOf(outcome, index))));
  };

  let last = Math.max(from, begin(market));
  for (const { time, outcomes: moves } of candles) {
    const start = Math.max(Date.parse(time) / 1000, last);
    const end = Math.min(start + SECONDS_OF[interval], now);
    if (times.length === 0) {
      add(last, (outcome) => moves[outcome]?.open);
    }
    if (start > last) {
      add(start, (outcome) => moves[outcome]?.open);
    }
    if (end > start) {
      add(end, (outcome) => moves[outcome]?.close);
    }
    last = end;
  }
  if (times.length === 0) {
    add(last, (_, index) => market.outcomes[index]?.price);
  }
  if (last < now) {
    add(now, (_, index) => market.outcomes[index]?.price);
  }
  return { times, prices };
}

/** What an outcome traded at some moment ago, in seconds, as far as the candles reach back. */
export function priceAt(candles: readonly Candle[], outcome: string, moment: number): number | undefined {
  const next = candles.find(({ time }) => Date.parse(time) / 1000 >= moment);
  const known = next?.outcomes[outcome]?.open ?? candles.at(-1)?.outcomes[outcome]?.close;
  return known === undefined ? undefined : Number(known);
}

/** The last moment that a market's history has, in seconds. */
export function endOf(market: Market, now: number): number {
  const end = market.resolution?.resolved_at ?? (market.status === "CLOSED" ? market.closes_at : null);
  return end === null ? now : Math.min(Date.parse(end) / 1000, now);
}

function begin(market: Market): number {
  return Date.parse(market.published_at ?? market.created_at) / 1000;
}
