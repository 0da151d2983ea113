import { afterEach, describe, expect, test, vi } from "vitest";

import { closingWords } from "./closing";
import { englishFor } from "./locale";
import {
  formatDateTime,
  formatPast,
  formatPlanned,
  formatCountdown,
  instantOf,
  isAhead,
  isSkipped,
  localTime,
} from "./times";

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

describe("a time on the clock", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test.each([
    ["Europe/Berlin", "2027-03-28T02:30", true],
    ["Europe/Berlin", "2027-03-28T03:00", false],
    ["Europe/Berlin", "2027-10-31T02:30", false],
    ["America/St_Johns", "2027-03-14T02:15", true],
    ["Australia/Lord_Howe", "2027-10-03T02:15", true],
    ["Asia/Kolkata", "2027-03-28T02:30", false],
    ["Asia/Kolkata", "", false],
  ])("in %s: clocks are set forward over %j: %s", (zone, local, isMissing) => {
    vi.stubEnv("TZ", zone);
    expect(isSkipped(local)).toBe(isMissing);
  });

  test.each(["Asia/Kolkata", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"])(
    "in %s is the same when it is read back",
    (zone) => {
      vi.stubEnv("TZ", zone);
      expect(localTime(instantOf("2027-06-30T23:45") ?? "")).toBe("2027-06-30T23:45");
    },
  );

  test("is ahead or not", () => {
    expect(isAhead("2099-01-01T00:00", NOW)).toBe(true);
    expect(isAhead("2020-01-01T00:00", NOW)).toBe(false);
    expect(isAhead("", NOW)).toBe(false);
  });
});
