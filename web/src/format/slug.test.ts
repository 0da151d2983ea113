import { expect, test } from "vitest";

import { suggestSlug } from "./slug";

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

test.each([
  ["Will it rain on Saturday?", "will-it-rain-on-saturday"],
  ["Überraschung: Crème brûlée!", "uberraschung-creme-brulee"],
  ["Łukasz straßenkehrt in Østerbro", "lukasz-strassenkehrt-in-osterbro"],
  ["  --- 10 000 steps --- ", "10-000-steps"],
])("%s", (name, slug) => {
  expect(suggestSlug(name)).toBe(slug);
});

test("a long name ends with a whole word, and a long word is cut", () => {
  expect(suggestSlug("words ".repeat(40))).toMatch(SLUG);
  expect(suggestSlug("x".repeat(100))).toBe("x".repeat(64));
});

test("a name without letters that an address can have suggests nothing", () => {
  expect(suggestSlug("明日は雨？")).toBe("");
});
