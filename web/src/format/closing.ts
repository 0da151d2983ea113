/** When a market takes orders no more, in words. */

import type { Market } from "../api/reads";
import { now as serverNow } from "../platform/clock";
import { formatPast, formatPlanned } from "./times";

type Closing = Pick<Market, "status" | "closes_at">;

/**
 * What is to say of it; undefined where there is nothing. A planned time is no time at which something has happened: a market
 * that was closed by hand before it, or decided, only has its plan.
 */
export function closingWords({ status, closes_at }: Closing, now = serverNow()): string | undefined {
  const isOpen = status === "ACTIVE" || status === "DRAFT";
  if (closes_at === null) {
    return status === "ACTIVE" ? "open until closed by hand" : undefined;
  }
  if (isOpen) {
    return `closes ${formatPlanned(closes_at, now)}`;
  }
  return Date.parse(closes_at) > now ? "closed before its time" : `closed ${formatPast(closes_at, now)}`;
}
