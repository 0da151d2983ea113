import "./fake-browser";

import { expect, test } from "vitest";

import { movementsOf } from "./movements";

test("what a market did to a trader is what came in less what went out, whatever it was called", () => {
  const entries = [
    { kind: "payout", amount: "20.000000" },
    { kind: "sell", amount: "3.500000" },
    { kind: "buy", amount: "-12.000001" },
  ] as const;
  expect(movementsOf(entries)).toEqual({
    hasTraded: true,
    profit: "11.499999",
    spent: "-12.000001",
    received: "23.500000",
    subsidy: undefined,
  });
});

test("a loser has no payout and has lost all the same", () => {
  expect(movementsOf([{ kind: "buy", amount: "-12.000000" }])).toMatchObject({ hasTraded: true, profit: "-12.000000" });
});

test("what a creator paid for the market is no trade", () => {
  const entries = [
    { kind: "subsidy-return", amount: "29.100000" },
    { kind: "subsidy", amount: "-34.657360" },
  ] as const;
  expect(movementsOf(entries)).toMatchObject({ hasTraded: false, profit: "0.000000", subsidy: "-5.557360" });
});
