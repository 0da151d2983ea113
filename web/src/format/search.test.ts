import { expect, test } from "vitest";

import { folded, mentions } from "./search";

test.each([
  ["Łukasz Żółw", "lukasz zolw"],
  ["STRASSE Straße", "strasse strasse"],
  ["IŞIK ışık İzmir", "isik isik izmir"],
  ["ΟΔΟΣ οδός", "οδοσ οδοσ"],
  ["Ærø Œuvre Þór Đặng", "aero oeuvre thor dang"],
  ["ﬁle Ｈunch 李雷", "file hunch 李雷"],
  ["O’Neill Jean–Luc Ma\u00adry", "o'neill jean-luc mary"],
])("%s is compared as %s", (text, compared) => {
  expect(folded(text)).toBe(compared);
});

test.each([
  ["Zoë Quiet zoe", "  QUIET zoé ", true],
  ["Ann Lee ann", "ann x", false],
  ["Ann Lee ann", " ", true],
])("%s mentions %s: %s", (text, search, isThere) => {
  expect(mentions(text, search)).toBe(isThere);
});
