import { describe, expect, test } from "vitest";

import type { Candle, Market } from "../api/reads";
import { endOf, historyOf, priceAt, recentRanges, wantsTrades, wholeRange } from "./history";

const HOUR = 3_600;
const MARKET = {
  outcomes: [{ name: "YES", price: "0.700000" }],
  published_at: "1970-01-01T00:00:00Z",
} as unknown as Market;

function candle(hour: number, open: string, close: string): Candle {
  const time = new Date(hour * HOUR * 1000).toISOString();
  return { time, outcomes: { YES: { open, high: open, low: close, close } }, volume: "1.000000" };
}

describe("the history of a market", () => {
  test("is flat where nobody traded, and ends with what it is now", () => {
    const candles = [candle(1, "0.500000", "0.600000"), candle(4, "0.600000", "0.700000")];
    const { times, prices } = historyOf(MARKET, candles, { interval: "1h", from: 0, now: 10 * HOUR });
    expect(times.map((time) => time / HOUR)).toEqual([0, 1, 2, 4, 5, 10]);
    expect(prices[0]).toEqual([0.5, 0.5, 0.6, 0.6, 0.7, 0.7]);
  });

  test("ends now where the last candle is not over", () => {
    const { times } = historyOf(MARKET, [candle(1, "0.500000", "0.700000")], {
      interval: "1h",
      from: 0,
      now: 1.5 * HOUR,
    });
    expect(times.map((time) => time / HOUR)).toEqual([0, 1, 1.5]);
  });

  test("without trades is a line from the beginning to now", () => {
    const { times, prices } = historyOf(MARKET, [], { interval: "1h", from: 0, now: HOUR });
    expect(times).toEqual([0, HOUR]);
    expect(prices[0]).toEqual([0.7, 0.7]);
  });
});

describe("a market that was published in the middle of an interval", () => {
  const young = { ...MARKET, published_at: "1970-01-01T01:40:00Z" } as Market;

  test("has a first candle that ends where its interval ends", () => {
    const candles = [candle(1, "0.500000", "0.600000"), candle(3, "0.600000", "0.700000")];
    const { times, prices } = historyOf(young, candles, { interval: "1h", from: 0, now: 5 * HOUR });
    expect(times.map((time) => time / 60)).toEqual([100, 120, 180, 240, 300]);
    expect(prices[0]).toEqual([0.5, 0.6, 0.6, 0.7, 0.7]);
  });

  test("ends at its price, also where the last candle knows less", () => {
    const { times, prices } = historyOf(young, [candle(1, "0.500000", "0.600000")], {
      interval: "1h",
      from: 0,
      now: 1.75 * HOUR,
    });
    expect(times.map((time) => time / 60)).toEqual([100, 105]);
    expect(prices[0]).toEqual([0.5, 0.7]);
  });
});

describe("while there are hardly any candles", () => {
  const minutes = (...prices: string[]) =>
    prices.map((price, index) => ({
      created_at: new Date((HOUR + 60 * (index + 1)) * 1000).toISOString(),
      prices_after: { YES: price },
      version: index + 1,
    }));

  test("the trades are drawn, each as a step", () => {
    const trades = minutes("0.600000", "0.550000", "0.700000");
    const { times, prices } = historyOf(
      { ...MARKET, outcomes: [MARKET.outcomes[0], { name: "NO", price: "0.300000" }] } as Market,
      [candle(1, "0.500000", "0.700000")],
      { interval: "1h", from: HOUR, now: 1.5 * HOUR },
      trades,
    );
    expect(times.map((time) => time / 60 - 60)).toEqual([0, 1, 1, 2, 2, 3, 3, 30]);
    expect(prices[0]).toEqual([0.5, 0.5, 0.6, 0.6, 0.55, 0.55, 0.7, 0.7]);
  });

  test("before the first of all of them nothing was likelier than the rest", () => {
    const [first] = minutes("0.600000");
    const span = { interval: "1m", from: HOUR, now: 1.5 * HOUR } as const;
    const two = { ...MARKET, outcomes: [...MARKET.outcomes, { name: "NO", price: "0.300000" }] } as Market;
    expect(historyOf(two, [], span, [first] as never).prices[0]).toEqual([0.5, 0.5, 0.6, 0.7]);
    const later = { ...first, version: 7 };
    expect(historyOf(two, [], span, [later] as never).prices[0]).toEqual([0.6, 0.6, 0.6, 0.7]);
  });

  test("candles show what came before the trades that are known", () => {
    const trades = minutes("0.650000").map((trade) => ({ ...trade, created_at: "1970-01-01T05:30:00Z", version: 90 }));
    const candles = [candle(1, "0.500000", "0.600000"), candle(5, "0.600000", "0.650000")];
    const { times, prices } = historyOf(MARKET, candles, { interval: "1h", from: 0, now: 6 * HOUR }, trades);
    expect(times.map((time) => time / HOUR)).toEqual([0, 1, 2, 5, 5.5, 5.5, 6]);
    expect(prices[0]).toEqual([0.5, 0.5, 0.6, 0.6, 0.6, 0.65, 0.7]);
  });

  test.each([
    [120, 1, true],
    [1, 1, false],
    [120, 20, false],
    [0, 0, false],
  ])("%d trades in %d candles: %s", (trade_count, candles, expected) => {
    const known = Array.from({ length: candles }, (_, hour) => candle(hour, "0.5", "0.5"));
    expect(wantsTrades({ ...MARKET, trade_count }, known)).toBe(expected);
  });
});

describe("what can be chosen of a market's time", () => {
  const now = 72 * HOUR;
  const labels = (market: Market) => recentRanges(market, now).map((range) => range.label);

  test("is what is shorter than its life, while it is traded", () => {
    expect(labels({ ...MARKET, status: "ACTIVE" })).toEqual(["1H", "6H", "1D"]);
  });

  test("is all of it once trading is over, and that ends then", () => {
    const resolution = {
      payouts: null,
      reason: null,
      resolved_at: "1970-01-02T00:00:00Z",
      settles_at: "1970-01-02T00:00:00Z",
    };
    const resolved: Market = { ...MARKET, status: "RESOLVED", resolution };
    expect(labels(resolved)).toEqual([]);
    const { interval, seconds } = wholeRange(resolved, now);
    const span = { interval, from: now - seconds, now: endOf(resolved, now) };
    const drawn = historyOf(resolved, [candle(1, "0.500000", "0.700000")], span);
    expect(drawn.times.map((time) => time / HOUR)).toEqual([0, 1, 2, 24]);
    expect(drawn.prices[0]).toEqual([0.5, 0.5, 0.7, 0.7]);
  });

  test.each(["CLOSED", "SETTLING", "VOIDED", "DRAFT"] as const)("is all of it when %s", (status) => {
    expect(labels({ ...MARKET, status })).toEqual([]);
  });
});

test("what it was a while ago is the open of the next candle, or the last close", () => {
  const candles = [candle(1, "0.500000", "0.600000"), candle(4, "0.600000", "0.700000")];
  expect(priceAt(candles, "YES", 0)).toBe(0.5);
  expect(priceAt(candles, "YES", 2 * HOUR)).toBe(0.6);
  expect(priceAt(candles, "YES", 9 * HOUR)).toBe(0.7);
  expect(priceAt([], "YES", 0)).toBeUndefined();
});
