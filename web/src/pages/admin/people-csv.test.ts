import { expect, test } from "vitest";

import type { Member } from "../../api/reads";
import { csvOf } from "./people-csv";

function member(name: string): Member {
  return { account: "ann", name, balance: "-1.500000", created_at: "2026-11-27T00:00:00.000000Z", suspended: false };
}

test.each([
  ["李雷", "李雷"],
  ['Ann "the", Great', '"Ann ""the"", Great"'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["-1+1", "'-1+1"],
])("%s stays text in a spreadsheet", (name, cell) => {
  expect(csvOf([member(name)])).toBe(
    `account,name,balance,created_at,suspended\r\nann,${cell},-1.500000,2026-11-27T00:00:00.000000Z,false\r\n`,
  );
});
