import { expect, test, vi } from "vitest";

import { periodName, recentPeriods } from "./periods";

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

test("a month is named in English, as the page is, whatever the browser speaks", () => {
  const locales: unknown[] = [];
  const { DateTimeFormat } = Intl;
  vi.spyOn(Intl, "DateTimeFormat").mockImplementation(function (locale, options) {
    locales.push(locale);
    return new DateTimeFormat(locale, options);
  });
  expect(periodName("2026-11")).toBe("November 2026");
  expect(locales).toEqual([expect.stringMatching(/^en/)]);
});
