import "./fake-browser";

import { describe, expect, test } from "vitest";

import { worthOverTime } from "./worth";

type Entry = Parameters<typeof worthOverTime>[0][number];

function journalOf(...movements: [Entry["kind"], number, string?][]): Entry[] {
  let balance = 0;
  return movements.map(([kind, amount, market], index) => {
    balance += amount;
    return {
      kind,
      amount: amount.toFixed(6),
      market: market ?? null,
      balance_after: balance.toFixed(6),
      created_at: `2030-01-0${index + 1}T00:00:00Z`,
    };
  });
}

const amountsOf = (entries: Entry[]) => worthOverTime(entries).map(({ amount }) => Number(amount));

describe("what somebody had", () => {
  test("does not change by trading, and does by what a market pays", () => {
    const journal = journalOf(
      ["starting-grant", 1000],
      ["buy", -40, "rain"],
      ["sell", 15, "rain"],
      ["payout", 60, "rain"],
    );
    expect(amountsOf(journal)).toEqual([1000, 1000, 1000, 1035]);
  });

  test("goes down where a market pays nothing, and leaves other markets alone", () => {
    const journal = journalOf(
      ["starting-grant", 100],
      ["buy", -40, "rain"],
      ["buy", -10, "snow"],
      ["payout", 0, "rain"],
      ["refund", 10, "snow"],
    );
    expect(amountsOf(journal)).toEqual([100, 100, 100, 60, 60]);
  });

  test("is less by a subsidy until it returns", () => {
    expect(amountsOf(journalOf(["grant", 100], ["subsidy", -69, "rain"], ["subsidy-return", 80, "rain"]))).toEqual([
      100, 31, 111,
    ]);
  });

  test("counts what a sale brought beyond the cost once the market is decided", () => {
    const journal = journalOf(["grant", 100], ["buy", -10, "rain"], ["sell", 30, "rain"], ["payout", 0, "rain"]);
    expect(amountsOf(journal)).toEqual([100, 100, 100, 120]);
  });
});
