import { expect, test } from "vitest";

import type { Market } from "../api/reads";
import { answerOf } from "./answer";

const OUTCOMES = [
  { name: "YES", price: "0.570000", shares: "1.000000" },
  { name: "NO", price: "0.430000", shares: "1.000000" },
];

function decided(payouts: Record<string, string> | null): Pick<Market, "resolution" | "outcomes"> {
  const resolution = { payouts, reason: null, resolved_at: "2026-11-27T12:00:00Z" } as Market["resolution"];
  return { outcomes: OUTCOMES, resolution };
}

test.each([
  [
    { YES: "0.000000", NO: "1.000000" },
    { words: "NO", outcome: 1 },
  ],
  [
    { YES: "0.300000", NO: "0.700000" },
    { words: "YES 30% · NO 70%", outcome: undefined },
  ],
  [null, { words: "Voided", outcome: undefined }],
])("payouts of %j, whatever the last price was", (payouts, answer) => {
  expect(answerOf(decided(payouts))).toEqual(answer);
});

test("what is not decided has no answer", () => {
  expect(answerOf({ outcomes: OUTCOMES, resolution: null })).toBeUndefined();
});
