import { describe, expect, test } from "vitest";

import { closingWords } from "./closing";
import { englishFor } from "./locale";
import { formatDateTime, formatPast, formatPlanned, formatCountdown } from "./times";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const HOUR = 3_600_000;

function at(hours: number): string {
  return new Date(NOW + hours * HOUR).toISOString();
}

describe("a near time is counted, with its time of day", () => {
  test.each([
    [5, /^in 5 hours, \d/],
    [1, /^in 1 hour, \d/],
    [47.9, /^in 47 hours, \d/],
    [0.5, /^in 30 minutes, \d/],
    [12 / 3600, /^in 12 seconds, \d/],
  ])("%d hours ahead", (hours, words) => {
    expect(formatPlanned(at(hours), NOW)).toMatch(words);
  });

  test.each([
    [-5, /^5 hours ago, \d/],
    [-47.9, /^47 hours ago, \d/],
    [-0.5, /^30 minutes ago, \d/],
  ])("%d hours ago", (hours, words) => {
    expect(formatPast(at(hours), NOW)).toMatch(words);
  });
});

test.each([-48, 48, 12 * 24, 7 * 24, -400 * 24])("%d hours away it is the date", (hours) => {
  const format = hours < 0 ? formatPast : formatPlanned;
  expect(format(at(hours), NOW)).toBe(formatDateTime(at(hours)));
});

test("what has happened is never ahead, and what is planned never behind, whatever a clock says", () => {
  expect(formatPast(at(3), NOW)).toBe("just now");
  expect(formatPlanned(at(-3), NOW)).toBe("any moment");
});

describe("a market's closing", () => {
  test.each([
    ["ACTIVE", at(3), /^closes in 3 hours/],
    ["DRAFT", at(3), /^closes in 3 hours/],
    ["CLOSED", at(-3), /^closed 3 hours ago/],
    ["CLOSED", at(21 * 24), /^closed before its time$/],
    ["RESOLVED", at(21 * 24), /^closed before its time$/],
    ["ACTIVE", null, /^open until closed by hand$/],
  ] as const)("%s with %s", (status, closes_at, words) => {
    expect(closingWords({ status, closes_at }, NOW)).toMatch(words);
  });

  test("by hand, without a plan, has no time", () => {
    expect(closingWords({ status: "CLOSED", closes_at: null }, NOW)).toBeUndefined();
  });
});

test.each([
  ["de-DE", "en-DE"],
  ["de", "en-DE"],
  ["ar-EG", "en-EG"],
  ["en-US", "en-US"],
  ["not a locale", "en"],
])("the words for %s are those of %s", (locale, english) => {
  expect(englishFor(locale)).toBe(english);
});

test.each([
  [59_001, "1:00"],
  [3_723_000, "1:02:03"],
  [-5, "0:00"],
])("%d milliseconds are %s", (milliseconds, words) => {
  expect(formatCountdown(milliseconds)).toBe(words);
});
