import { afterEach, expect, test, vi } from "vitest";

import type { Market } from "../../api/reads";
import { trendOf } from "./trend";

const MARKET = {
  status: "ACTIVE",
  published_at: "2026-11-26T11:00:00Z",
  outcomes: [
    { name: "Door 1", price: "0.100000" },
    { name: "Door 2", price: "0.800000" },
    { name: "Door 3", price: "0.060000" },
    { name: "Door 4", price: "0.040000" },
  ],
  trend: { outcome: "Door 2", prices: ["0.500000", "0.800000"] },
} as Market;

function at(time: string): void {
  vi.useFakeTimers({ now: Date.parse(time) });
}

afterEach(() => {
  vi.useRealTimers();
});

test("a market has moved since a day ago, however long it has been there", () => {
  at("2026-11-27T12:00:00Z");
  const { leader, history, movedToday } = trendOf(MARKET);
  expect([leader, history.prices]).toEqual([1, [[0.5, 0.8]]]);
  expect(movedToday).toBeCloseTo(0.3);
});

test("a market of today has moved since it opened, with every outcome as likely", () => {
  at("2026-11-27T10:00:00Z");
  expect(trendOf(MARKET).history.prices).toEqual([[0.25, 0.5, 0.8]]);
  expect(trendOf(MARKET).movedToday).toBeCloseTo(0.55);
});

test("a draft has not moved, and a closed market no longer does", () => {
  at("2026-11-27T10:00:00Z");
  const draft = trendOf({ ...MARKET, status: "DRAFT", published_at: null, trend: null });
  expect([draft.leader, draft.history.prices, draft.movedToday]).toEqual([0, [[0.25]], 0]);
  expect(trendOf({ ...MARKET, status: "CLOSED" }).movedToday).toBe(0);
});
