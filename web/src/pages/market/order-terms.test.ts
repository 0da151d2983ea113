import { expect, test } from "vitest";

import { complaint, orderOf } from "./order-terms";
import { typedPayouts } from "./payouts";

test.each(["80", "80 %", "%80", "٨٠٪؜", "80.0%"])("%j is a chance", (typed) => {
  const order = orderOf({ side: "buy", outcome: "YES", goal: "chance", typed }, "10");
  expect(Number(order?.limit_price)).toBe(0.8);
  expect(complaint({ goal: "chance", typed })).toBeUndefined();
});

test("credits are no chance", () => {
  expect(complaint({ goal: "amount", typed: "80 %" })).toMatch(/amount above zero/);
});

test("payouts are typed for outcomes of whatever name", () => {
  const names = ["constructor", "__proto__", "toString"];
  const market = { outcomes: names.map((name) => ({ name })) };
  expect(typedPayouts(market, {})).toBeUndefined();
  expect(Object.entries(typedPayouts(market, { ["__proto__"]: "0.3", toString: "0.7" }) ?? {})).toEqual([
    ["constructor", "0"],
    ["__proto__", "0.3"],
    ["toString", "0.7"],
  ]);
});
