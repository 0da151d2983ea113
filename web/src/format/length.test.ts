import { expect, test } from "vitest";

import { excess, lengthOf } from "./length";

test("characters are code points, and what is too long is said with how long it is", () => {
  expect(lengthOf("🌧é")).toBe(2);
  expect(excess("🌧".repeat(40), 40)).toBeUndefined();
  expect(excess("x".repeat(2_001), 2_000)).toBe("At most 2,000 characters; this has 2,001.");
});
