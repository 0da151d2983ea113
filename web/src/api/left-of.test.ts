import { expect, test } from "vitest";

import { leftOf } from "./left-of";

test("what is left of somebody's trades is what was bought and not sold, exactly", () => {
  const trades = [
    { market: "rain", outcome: "YES", side: "sell", quantity: "0.100000" },
    { market: "rain", outcome: "YES", side: "buy", quantity: "0.300000" },
    { market: "snow", outcome: "NO", side: "sell", quantity: "5.000000" },
    { market: "rain", outcome: "NO", side: "buy", quantity: "9007199254.740993" },
    { market: "snow", outcome: "NO", side: "buy", quantity: "5.000000" },
  ] as const;
  expect(leftOf(trades)).toEqual([
    { slug: "rain", outcome: "YES", quantity: "0.200000" },
    { slug: "rain", outcome: "NO", quantity: "9007199254.740993" },
  ]);
  expect(leftOf([])).toEqual([]);
});
