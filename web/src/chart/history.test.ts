import { describe, expect, test } from "vitest";

import type { Candle, Market } from "../api/reads";
import { endOf, historyOf, priceAt, recentRanges, wholeRange } from "./history";

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
    const { times, prices } = historyOf(MARKET, candles, "1h", 0, 10 * HOUR);
    expect(times.map((time) => time / HOUR)).toEqual([0, 1, 2, 4, 5, 10]);
    expect(prices[0]).toEqual([0.5, 0.5, 0.6, 0.6, 0.7, 0.7]);
  });

  test("ends now where the last candle is not over", () => {
    const { times } = historyOf(MARKET, [candle(1, "0.500000", "0.700000")], "1h", 0, 1.5 * HOUR);
    expect(times.map((time) => time / HOUR)).toEqual([0, 1, 1.5]);
  });

  test("without trades is a line from the beginning to now", () => {
    const { times, prices } = historyOf(MARKET, [], "1h", 0, HOUR);
    expect(times).toEqual([0, HOUR]);
    expect(prices[0]).toEqual([0.7, 0.7]);
  });
});

describe("what can be chosen of a market's time", () => {
  const now = 72 * HOUR;
  const labels = (market: Market) => recentRanges(market, now).map((range) => range.label);

  test("is what is shorter than its life, while it is traded", () => {
    expect(labels({ ...MARKET, status: "ACTIVE" })).toEqual(["1H", "6H", "1D"]);
  });

  test("is all of it once trading is over, and that ends then", () => {
    const resolution = { payouts: null, reason: null, resolved_at: "1970-01-02T00:00:00Z" };
    const resolved: Market = { ...MARKET, status: "RESOLVED", resolution };
    expect(labels(resolved)).toEqual([]);
    const { interval, seconds } = wholeRange(resolved, now);
    const drawn = historyOf(
      resolved,
      [candle(1, "0.500000", "0.700000")],
      interval,
      now - seconds,
      endOf(resolved, now),
    );
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
