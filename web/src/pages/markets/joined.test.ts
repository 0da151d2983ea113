import { expect, test } from "vitest";

import { joined } from "./joined";

/** A market that was made, or closes, on this day of the month. */
function on(day: number) {
  const time = `2026-11-${String(day).padStart(2, "0")}T00:00:00.000000Z`;
  return { slug: `day-${day}`, created_at: time, closes_at: time };
}

function days(markets: readonly { slug: string }[]): number[] {
  return markets.map(({ slug }) => Number(slug.slice(4)));
}

test("what a newer market pushes off the first page stays in the list", () => {
  const before = [5, 4, 3, 2, 1].map(on); // three on the first page, two more
  expect(days(joined([6, 5, 4].map(on), before, {}))).toEqual([6, 5, 4, 3, 2, 1]);
});

test("what has left the list is gone, and what has moved up is there once", () => {
  const before = [5, 4, 3, 2, 1].map(on);
  expect(days(joined([5, 3, 2].map(on), before, {}))).toEqual([5, 3, 2, 1]);
});

test("the soonest to close come first where that is the order", () => {
  const before = [1, 2, 3, 4, 5].map(on);
  expect(days(joined([2, 3, 4].map(on), before, { order: "closing" }))).toEqual([2, 3, 4, 5]);
});

test("of the same instant the slug decides, as on the server", () => {
  const twins = ["c", "b", "a"].map((slug) => ({ ...on(1), slug }));
  expect(joined(twins.slice(0, 2), twins, {}).map(({ slug }) => slug)).toEqual(["c", "b", "a"]);
  expect(joined(twins.slice(1), twins, {}).map(({ slug }) => slug)).toEqual(["b", "a"]);
});
