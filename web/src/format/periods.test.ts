import { expect, test } from "vitest";

import { recentPeriods } from "./periods";

test("the last months go back over the turn of a year", () => {
  expect(recentPeriods(Date.parse("2027-02-03T00:00:00Z"))).toEqual([
    "all",
    "2027-02",
    "2027-01",
    "2026-12",
    "2026-11",
    "2026-10",
    "2026-09",
    "2027",
    "2026",
  ]);
});
