import { expect, test } from "vitest";

import { Problem } from "../../api/problem";
import { complaintsOf, marketIn } from "./complaints";

test.each([
  ["chess-final", "chess-final"],
  [" chess-final ", "chess-final"],
  ["https://example.org/hunch/markets/chess-final?tab=comments#rules", "chess-final"],
  ["", ""],
])("%j is the market %j", (typed, slug) => {
  expect(marketIn(typed)).toBe(slug);
});

test.each<[string, Record<string, string>, string[]]>([
  ["validation-failed", { url: "must be a URL" }, ["url"]],
  ["validation-failed", { market: "must be of lower-case letters" }, ["market"]],
  ["market-not-found", {}, ["market"]],
  ["limit-exceeded", {}, []],
])("%s %j is said beside its field, in the page's words", (code, fields, places) => {
  const complaints = complaintsOf(new Problem("No", "Detail.", 400, code, fields));
  expect(Object.keys(complaints)).toEqual(places);
  expect(Object.values(complaints).join()).not.toContain("must be");
});
