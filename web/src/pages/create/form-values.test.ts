import { describe, expect, test } from "vitest";

import { Problem } from "../../api/problem";
import type { Market } from "../../api/reads";
import { complaintsAbout, complaintsOf } from "./complaints";
import { BLANK, draftOf, editOf, type FormValues, valuesOf } from "./form-values";

const MARKET = {
  name: "Will it rain?",
  slug: "rain",
  rules: "",
  description: "  as it was written ",
  outcomes: [{ name: "YES" }, { name: "NO" }],
  liquidity: "100.000000",
  closes_at: "2099-12-31T23:59:59.000000Z",
  tags: ["weather"],
} as unknown as Market;
const NOW = Date.parse("2026-11-27T12:00:00Z");

function edited(changed: Partial<FormValues>) {
  return editOf({ ...valuesOf(MARKET), ...changed }, MARKET);
}

describe("an edit", () => {
  test("sends what was changed, and keeps the second at which it closes", () => {
    expect(edited({ name: "Will it snow?" })).toEqual({ name: "Will it snow?" });
    expect(edited({})).toEqual({});
  });

  test("changes a closing time, or takes it away", () => {
    expect(edited({ closesAt: "" })).toEqual({ closes_at: null });
    expect(Object.keys(edited({ closesAt: "2098-12-31T12:00" }))).toEqual(["closes_at"]);
  });

  test("takes another way to write the same for the same", () => {
    expect(edited({ liquidity: "100,0", tags: " weather ,", name: " Will it rain? " })).toEqual({});
  });

  test("changes lists as a whole", () => {
    expect(edited({ outcomes: ["YES", "NO", "MAYBE"], tags: "weather, work" })).toEqual({
      outcomes: ["YES", "NO", "MAYBE"],
      tags: ["weather", "work"],
    });
  });
});

test("a draft without a closing time leaves it out", () => {
  expect(draftOf({ ...BLANK, name: " Rain? ", slug: "rain" })).toMatchObject({
    name: "Rain?",
    slug: "rain",
    liquidity: "100",
  });
  expect(draftOf(BLANK)).not.toHaveProperty("closes_at");
});

test("an address is pasted with blanks around it, and tags are written as people write them", () => {
  expect(draftOf({ ...BLANK, slug: " rain\u00a0", tags: "#Weather， bonn; work" })).toMatchObject({
    slug: "rain",
    tags: ["weather", "bonn", "work"],
  });
  expect(complaintsAbout({ ...BLANK, name: "Rain?", slug: " rain " }, true, NOW)).toEqual({});
});

describe("what is wrong is said beside its field", () => {
  const GOOD: FormValues = { ...BLANK, name: "Rain?", slug: "rain", tags: "weather, work" };

  test("a good form has no complaints", () => {
    expect(complaintsAbout(GOOD, true, NOW)).toEqual({});
  });

  test.each<[Partial<FormValues>, string]>([
    [{ name: "  " }, "name"],
    [{ name: "x".repeat(121) }, "name"],
    [{ slug: "Rain!" }, "slug"],
    [{ slug: "" }, "slug"],
    [{ tags: "Köln" }, "tags"],
    [{ tags: "a, a" }, "tags"],
    [{ tags: Array.from({ length: 11 }, (_, index) => `t${index}`).join(",") }, "tags"],
    [{ liquidity: "0" }, "liquidity"],
    [{ closesAt: "2020-01-01T00:00" }, "closesAt"],
    [{ closesAt: "no time" }, "closesAt"],
    [{ outcomes: ["YES", " "] }, "outcomes.1"],
    [{ outcomes: ["YES", "NO", "YES"] }, "outcomes.2"],
    [{ outcomes: ["YES", "x".repeat(41)] }, "outcomes.1"],
  ])("%j", (changed, field) => {
    expect(Object.keys(complaintsAbout({ ...GOOD, ...changed }, true, NOW))).toEqual([field]);
  });

  test("characters are counted as the API counts them", () => {
    expect(complaintsAbout({ ...GOOD, name: "🌧".repeat(120) }, true, NOW)).toEqual({});
  });

  test("the address of a draft that is edited is no matter any more", () => {
    expect(complaintsAbout({ ...GOOD, slug: "" }, false, NOW)).toEqual({});
  });
});

describe("what the server says", () => {
  function refused(code: string, ...fields: string[]): Problem {
    const details = fields.map((field) => [field, "must be of lower-case letters…"] as const);
    return new Problem("No", "Detail.", 400, code, Object.fromEntries(details));
  }

  test.each([
    [refused("validation-failed", "tags.0"), ["tags"]],
    [refused("validation-failed", "closes_at", "name"), ["closesAt", "name"]],
    [refused("validation-failed", "outcomes.1"), ["outcomes.1"]],
    [refused("validation-failed", "Idempotency-Key"), []],
    [refused("slug-taken"), ["slug"]],
    [refused("insufficient-funds"), []],
    [undefined, []],
  ])("%#: beside the field that it means, in the page's words", (problem, fields) => {
    const complaints = complaintsOf(problem);
    expect(Object.keys(complaints)).toEqual(fields);
    expect(Object.values(complaints).join()).not.toContain("must be");
  });
});
