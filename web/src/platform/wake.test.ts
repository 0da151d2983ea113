import { afterEach, beforeEach, expect, test, vi } from "vitest";

const tab = Object.assign(new EventTarget(), { hidden: false });
vi.stubGlobal("document", tab);

const { onWake } = await import("./wake");

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Time goes by, and timers stand still. */
function sleep(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}

test("a machine that slept while the page was on show is noticed within five seconds, once", () => {
  const listener = vi.fn();
  const stop = onWake(listener);
  vi.advanceTimersByTime(600_000);
  expect(listener).not.toHaveBeenCalled();
  sleep(60_000);
  vi.advanceTimersByTime(5_000);
  expect(listener).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(listener).toHaveBeenCalledTimes(1);
  stop();
  sleep(60_000);
  vi.advanceTimersByTime(5_000);
  expect([listener.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
});

test("a machine that is busy, or a clock that is set back, is no sleep", () => {
  const listener = vi.fn();
  const stop = onWake(listener);
  for (const milliseconds of [9_000, -3_600_000]) {
    sleep(milliseconds);
    vi.advanceTimersByTime(5_000);
  }
  expect(listener).not.toHaveBeenCalled();
  stop();
});

test("a hidden page has no timers, and what passed meanwhile is no sleep", () => {
  const listener = vi.fn();
  const stop = onWake(listener);
  tab.hidden = true;
  tab.dispatchEvent(new Event("visibilitychange"));
  expect(vi.getTimerCount()).toBe(0);
  sleep(600_000);
  tab.hidden = false;
  tab.dispatchEvent(new Event("visibilitychange"));
  vi.advanceTimersByTime(20_000);
  expect(listener).not.toHaveBeenCalled();
  stop();
});
