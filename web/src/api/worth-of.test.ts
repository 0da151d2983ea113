import "./fake-browser";

import { describe, expect, test } from "vitest";

import { endOfInvitation, type Market, worthOf } from "./reads";

const HELD = { outcome: "YES", quantity: "83.179656", value: "57.954177", sale_value: null };

/** How a market was decided. */
function decided(payouts: Record<string, string> | null): Market["resolution"] {
  return { payouts, reason: null, resolved_at: "2026-11-27T00:00:00Z", settles_at: "2026-11-27T01:00:00Z" };
}

describe("a position is worth", () => {
  test.each<[string, Market["resolution"] | undefined, string | undefined]>([
    ["its shown value where nobody buys it", null, "57.954177"],
    ["nothing once it has lost, whatever the last price was", decided({ YES: "0", NO: "1" }), "0.000000"],
    ["what it pays once it has won", decided({ YES: "1", NO: "0" }), "83.179656"],
    ["its part of a shared payout", decided({ YES: "0.3", NO: "0.7" }), "24.953896"],
    ["what nobody knows where the market was called off", decided(null), undefined],
  ])("%s", (_, resolution, worth) => {
    expect(worthOf(HELD, resolution)).toBe(worth);
  });

  test("what it sells for while people trade", () => {
    expect(worthOf({ ...HELD, sale_value: "50.000000" }, null)).toBe("50.000000");
  });
});

test.each([
  [29, "2026-11-28T00:00:00Z", undefined],
  [30, "2026-11-28T00:00:00Z", "used-up"],
  [29, "2026-11-27T12:00:00Z", "expired"],
])("an invitation that %d of 30 used, until %s, has ended: %s", (used, expires_at, end) => {
  expect(endOfInvitation({ used, count: 30, expires_at }, Date.parse("2026-11-27T12:00:00Z"))).toBe(end);
});
