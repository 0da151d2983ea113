/** Prices over time, drawn from candles: what they were at each moment, flat where nobody traded. */

import { type Interval, SECONDS_OF } from "../api/intervals";
import type { Candle, Market, Trade } from "../api/reads";

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

/** As many candles as show how a price went; with fewer the trades themselves are drawn. */
const ENOUGH_CANDLES = 20;

/** Whether a market's trades would show more than its candles do. */
export function wantsTrades(market: Market, candles: readonly Candle[]): boolean {
  return candles.length < ENOUGH_CANDLES && market.trade_count > candles.length;
}

/** What its last trades say of a market's history. */
type DrawnTrade = Pick<Trade, "created_at" | "prices_after" | "version">;

interface Span {
  /** The first moment to show, in seconds. */
  readonly from: number;
  /** The last one. */
  readonly now: number;
  /** How long each candle is. */
  readonly interval: Interval;
}

/**
 * The history of a market: it ends with the prices that it shows.
 *
 * @param candles oldest first; only intervals with trades.
 * @param trades the last ones, oldest first, without a gap between them: drawn in place of the candles of their time.
 */
export function historyOf(
  market: Market,
  candles: readonly Candle[],
  span: Span,
  trades: readonly DrawnTrade[] = [],
): History {
  const { from, now, interval } = span;
  const line = new Line(market);
  const drawn = trades.filter((trade) => secondsOf(trade.created_at) >= from);
  const firstTrade = drawn[0] === undefined ? Number.POSITIVE_INFINITY : secondsOf(drawn[0].created_at);

  let last = Math.max(from, begin(market));
  for (const { time, outcomes } of candles) {
    const candle = secondsOf(time);
    const start = Math.max(candle, last);
    const end = Math.min(candle + SECONDS_OF[interval], now);
    const open = (outcome: string) => outcomes[outcome]?.open;
    if (candle > firstTrade) {
      break;
    }
    if (line.isEmpty) {
      line.add(last, open);
    }
    if (start > last) {
      line.add(start, open);
    }
    if (end > firstTrade) {
      break; // its trades are drawn
    }
    if (end > start) {
      line.add(end, (outcome) => outcomes[outcome]?.close);
    }
    last = Math.max(last, end);
  }
  if (line.isEmpty) {
    line.add(last, drawn[0] === undefined ? line.shown : beforeFirst(market, drawn[0]));
  }
  for (const { created_at, prices_after } of drawn) {
    const time = Math.min(secondsOf(created_at), now);
    line.hold(time);
    line.add(time, (outcome) => prices_after[outcome]);
  }
  line.end(now);
  return line;
}

/** What a market's outcomes traded at before the oldest trade that is known: all the same where it is the first of all. */
function beforeFirst(
  { outcomes }: Market,
  { version, prices_after }: DrawnTrade,
): (outcome: string) => string | undefined {
  return version === 1 ? () => String(1 / outcomes.length) : (outcome) => prices_after[outcome];
}

/** Grows moment by moment. */
class Line implements History {
  readonly times: number[] = [];
  readonly prices: number[][];
  readonly #outcomes: Market["outcomes"];

  constructor({ outcomes }: Market) {
    this.#outcomes = outcomes;
    this.prices = outcomes.map(() => []);
  }

  get isEmpty(): boolean {
    return this.times.length === 0;
  }

  /** What the market shows. */
  get shown(): (outcome: string, index: number) => string | undefined {
    return (_, index) => this.#outcomes[index]?.price;
  }

  add(time: number, priceOf: (outcome: string, index: number) => string | undefined): void {
    this.times.push(time);
    this.#outcomes.forEach(({ name }, index) => this.prices[index]?.push(Number(priceOf(name, index))));
  }

  /** Stays as it is until some time. */
  hold(time: number): void {
    this.times.push(time);
    for (const prices of this.prices) {
      prices.push(prices.at(-1) ?? Number.NaN);
    }
  }

  /** Ends with what the market shows, whatever the last candle knew. */
  end(time: number): void {
    if ((this.times.at(-1) ?? time) >= time && this.times.length > 1) {
      this.times.pop();
      for (const prices of this.prices) {
        prices.pop();
      }
    }
    this.add(time, this.shown);
  }
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
  return secondsOf(market.published_at ?? market.created_at);
}

function secondsOf(time: string): number {
  return Date.parse(time) / 1000;
}
