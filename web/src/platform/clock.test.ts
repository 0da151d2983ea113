import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { learnTime, now } from "./clock";

const HERE = Date.parse("2026-11-27T12:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: HERE });
});

afterEach(() => {
  vi.useRealTimers();
});

function answered(at: string, age?: string): number {
  learnTime(new Headers({ Date: at, ...(age === undefined ? {} : { Age: age }) }));
  return now();
}

test("a machine whose clock is wrong goes by the server's", () => {
  expect(answered("Fri, 27 Nov 2026 10:00:00 GMT")).toBe(HERE - 2 * 3_600_000);
  expect(answered("Fri, 27 Nov 2026 13:00:00 GMT")).toBe(HERE + 3_600_000);
  vi.setSystemTime(HERE + 5_000);
  expect(now()).toBe(HERE + 3_605_000);
});

test("an answer that was kept on the way is as old as it says", () => {
  expect(answered("Fri, 27 Nov 2026 11:00:00 GMT", "3600")).toBe(HERE);
});

test("seconds are the network's, and what is no date says nothing", () => {
  expect(answered("Fri, 27 Nov 2026 11:59:50 GMT")).toBe(HERE);
  expect(answered("yesterday")).toBe(HERE);
});
