import { expect, test } from "vitest";

import { linked } from "./linked";

test("addresses can be followed, what ends a sentence is not of them, and nothing is lost", () => {
  const text = "See https://example.org/a?b=1, or (http://example.org).\nNot javascript:alert(1).";
  const pieces = linked(text);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.flatMap((piece) => piece.href ?? [])).toEqual(["https://example.org/a?b=1", "http://example.org/"]);
});

test("an address ends where a sentence does, in whatever script", () => {
  const text = "看https://example.org/a。然后（https://example.org/b）؛ راجع https://example.org/c؟";
  const pieces = linked(text);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.flatMap((piece) => piece.href ?? [])).toEqual([
    "https://example.org/a",
    "https://example.org/b",
    "https://example.org/c",
  ]);
});

test.each(["javascript:alert(1)", "data:text/html,x", "https://", "https://user@example.org/", "plain"])(
  "%s leads nowhere",
  (text) => {
    expect(linked(text)).toEqual([{ text }]);
  },
);
