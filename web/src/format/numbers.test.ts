import { expect, test } from "vitest";

import { classOfChange, formatChange, formatCost, formatCredits, formatShares, formatTraded } from "./numbers";

test("what somebody has is rounded down", () => {
  expect(formatShares("36.656123")).toBe(formatShares("36.65"));
  expect(formatCredits("930.685281")).toBe(formatCredits("930.68"));
  expect(formatCredits("0.009999")).toBe(formatCredits("0"));
});

test("what something costs is rounded up", () => {
  expect(formatCost("69.310001")).toBe(formatCost("69.32"));
  expect(formatCost("69.310000")).toBe(formatCost("69.31"));
  expect(formatTraded({ side: "buy", amount: "9.999999" })).toBe(formatCredits("10"));
  expect(formatTraded({ side: "sell", amount: "9.999999" })).toBe(formatCredits("9.99"));
});

test("a loss looks no smaller than it is, and a gain no larger", () => {
  expect(formatChange("-0.000001")).toBe(formatChange("-0.01"));
  expect(formatCredits("-0.000001")).toBe(formatCredits("-0.01"));
  expect(formatChange("1.239999")).toBe(formatChange("1.23"));
});

test.each([
  ["0.000000", ""],
  ["0.009999", ""],
  ["0.010000", "gain"],
  ["-0.000001", "loss"],
])("a change of %s has the class %j", (decimal, name) => {
  expect(classOfChange(decimal)).toBe(name);
});
