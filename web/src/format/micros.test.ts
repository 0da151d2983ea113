import { describe, expect, test } from "vitest";

import { fromMicros, isAbove, payout, portion, subsidy, subtract, sum, toMicros } from "./micros";

describe("decimal strings are integers of millionths", () => {
  test.each([
    ["0", 0n],
    ["12.5", 12_500_000n],
    ["-0.000001", -1n],
    ["999999999999.999999", 999_999_999_999_999_999n],
  ])("%s", (decimal, micros) => {
    expect(toMicros(decimal)).toBe(micros);
    expect(toMicros(fromMicros(micros))).toBe(micros);
  });

  test("what floats get wrong comes out right", () => {
    expect(sum(["0.1", "0.2"])).toBe("0.300000");
    expect(subtract("0.3", "0.299999")).toBe("0.000001");
    expect(isAbove("999999999999.999999", "999999999999.999998")).toBe(true);
  });
});

test("a quarter is rounded down, so that it can always be sold", () => {
  expect(portion("0.000003", 25)).toBe("0.000000");
  expect(portion("36.651629", 50)).toBe("18.325814");
});

test("a payout is rounded down over all that somebody holds, as the settlement does", () => {
  const halves = [
    { quantity: "0.000001", rate: "0.5" },
    { quantity: "0.000001", rate: "0.5" },
  ];
  expect(payout(halves)).toBe("0.000001");
  expect(payout(halves.slice(1))).toBe("0.000000");
});

describe("the subsidy is b ln n, rounded up to the millionth", () => {
  test.each([
    ["100", 2, "69.314719"],
    ["100", 4, "138.629437"],
    ["100", 10, "230.258510"],
    ["1", 20, "2.995733"],
    ["1000000", 3, "1098612.288669"],
  ])("b = %s, n = %i", (liquidity, outcomes, expected) => {
    expect(subsidy(liquidity, outcomes)).toBe(expected);
  });

  test("there are no markets of one outcome or of twenty-one", () => {
    expect(() => subsidy("100", 1)).toThrow(RangeError);
    expect(() => subsidy("100", 21)).toThrow(RangeError);
  });
});
