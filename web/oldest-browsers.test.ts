import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { OLDEST, youngerThanScripts, youngerThanStyles } from "./oldest-browsers";

test.each([
  ["AbortSignal.any([a, b])", "AbortSignal.any"],
  ["Map.groupBy(list, by)", "Map.groupBy"],
  ["Promise.withResolvers()", "Promise.withResolvers"],
  ["URL.canParse(text)", "URL.canParse"],
  ["list.toSorted()", ".toSorted"],
  ["list.with(1, 2)", ".with"],
  ["new Temporal()", "new Temporal"],
])("%s is too young", (code, name) => {
  expect(youngerThanScripts(code)).toContain(name);
});

test.each([
  "list.map((one) => one)",
  "Promise.any([])",
  "map.size",
  "Object.hasOwn(a, b)",
  "text.at(-1)",
  "list.findLast(by)",
])("%s is old enough", (code) => {
  expect(youngerThanScripts(code)).toEqual([]);
});

test("syntax that is too young cannot be read", () => {
  expect(() => youngerThanScripts("const found = /[\\p{L}--[a-z]]/v;")).toThrow(SyntaxError);
});

test.each([
  [".a:has(b) { color: red }", [":has"]],
  [".a { color: color-mix(in srgb, red, blue) }", ["color-mix()"]],
  [".a { color: light-dark(red, blue) }", ["light-dark()"]],
  ["@starting-style { .a { opacity: 0 } }", ["@starting-style"]],
  [".a { field-sizing: content }", ["field-sizing"]],
  ["@supports selector(:has(b)) { .a:has(b) { color: red } }", []],
  [".a:focus-visible { inset: 0; text-wrap: balance }", []],
])("%s: %j", (code, names) => {
  expect(youngerThanStyles(code)).toEqual(names);
});

test("the README says which browsers are the oldest", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`Chrome ${OLDEST.chrome}, Firefox ${OLDEST.firefox} and Safari ${OLDEST.safari}`);
});
