import "../api/fake-browser";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { loadUntilDone } from "./loading";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Loads what fails so many times, and notes what is told. */
function watch(failures: number) {
  const told: string[] = [];
  let left = failures;
  const load = () => (left-- > 0 ? Promise.reject(new TypeError("not loaded")) : Promise.resolve("page"));
  const stop = loadUntilDone(
    load,
    (what) => told.push(what),
    () => told.push("failed"),
  );
  return { told, stop };
}

test("a page that failed to load comes by itself", async () => {
  const { told } = watch(2);
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(["failed"]);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(told).toEqual(["failed", "failed", "page"]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(told).toHaveLength(3);
});

test("it comes at once when the browser is online again", async () => {
  const { told } = watch(1);
  await vi.advanceTimersByTimeAsync(0);
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(told).toEqual(["failed", "page"]);
});

test("a page that nobody wants any more is told to nobody", async () => {
  const { told, stop } = watch(0);
  stop();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(told).toEqual([]);
});
