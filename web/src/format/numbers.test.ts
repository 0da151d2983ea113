import { expect, test } from "vitest";

import {
  classOfChange,
  formatChance,
  formatChange,
  formatCost,
  formatCredits,
  formatFineChance,
  formatPayoutRate,
  formatShares,
  formatTraded,
  formatUnitPrice,
  formatVolume,
} from "./numbers";

test("what somebody has is rounded down", () => {
  expect(formatShares("36.656123")).toBe("36.65");
  expect(formatCredits("930.685281")).toBe("930.68");
  expect(formatCredits("0.009999")).toBe("0.00");
  expect(formatCredits("999999999.999999")).toBe("999,999,999.99");
});

test("what something costs is rounded up", () => {
  expect(formatCost("69.310001")).toBe("69.32");
  expect(formatCost("69.310000")).toBe("69.31");
  expect(formatCost("-0.001000")).toBe("0.00");
  expect(formatTraded({ side: "buy", amount: "9.999999" })).toBe("10.00");
  expect(formatTraded({ side: "sell", amount: "9.999999" })).toBe("9.99");
});

test("a loss looks no smaller than it is, and a gain no larger", () => {
  expect(formatChange("-0.000001")).toBe("-0.01");
  expect(formatCredits("-0.000001")).toBe("-0.01");
  expect(formatChange("1.239999")).toBe("+1.23");
  expect(formatChange("0.009999")).toBe("0.00");
});

test("less than a hundredth of a share is not nothing", () => {
  expect(formatShares("0.004200")).toBe("0.0042");
  expect(formatShares("0.000000")).toBe("0");
});

test.each([
  ["0.000000", ""],
  ["0.009999", ""],
  ["0.010000", "gain"],
  ["-0.000001", "loss"],
])("a change of %s has the class %j", (decimal, name) => {
  expect(classOfChange(decimal)).toBe(name);
});

test.each([
  ["1.000000", ">99.9%", ">99.9%"],
  ["0.999992", ">99.9%", ">99.9%"],
  ["0.999500", ">99.9%", ">99.9%"],
  ["0.999000", "99.9%", "99.9%"],
  ["0.995000", "99.5%", "99.5%"],
  ["0.460000", "46%", "46.0%"],
  ["0.009000", "0.9%", "0.9%"],
  ["0.000400", "<0.1%", "<0.1%"],
  ["0.000000", "<0.1%", "<0.1%"],
])("%s is no certainty: %s", (price, chance, fine) => {
  expect(formatChance(price)).toBe(chance);
  expect(formatFineChance(price)).toBe(fine);
});

test("what is decided is certain", () => {
  expect(formatPayoutRate("1.000000")).toBe("100%");
  expect(formatPayoutRate("0.333333")).toBe("33.3333%");
});

test("a share that costs almost what it pays is not said to cost all of it", () => {
  expect(formatUnitPrice("0.999992")).toBe("0.999992");
  expect(formatUnitPrice("0.500000")).toBe("0.500");
});

test.each([
  ["950.000000", "950"],
  ["12345.000000", "12.3K"],
  ["999960.000000", "1M"],
  ["2500000000.000000", "2.5B"],
])("%s credits are about %s", (decimal, words) => {
  expect(formatVolume(decimal)).toBe(words);
});
