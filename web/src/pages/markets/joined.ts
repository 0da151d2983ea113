/** A list of markets of which only the first page is read again and again. */

import type { Market, MarketFilter } from "../../api/reads";

type Listed = Pick<Market, "slug" | "created_at" | "closes_at">;

/**
 * The first page as it is now, and what was read before and comes after it: what newer markets have pushed off the first page
 * is still there, what has left the list is not.
 *
 * @param first the first page, in the order of the list.
 * @param before what was read earlier, of the first page too, in that order.
 */
export function joined<M extends Listed>(first: readonly M[], before: readonly M[], { order }: MarketFilter): M[] {
  const last = first.at(-1);
  const known = new Set<string>();
  const later = before.filter((market) => {
    const isNew = !known.has(market.slug);
    known.add(market.slug);
    return isNew && (last === undefined || comesAfter(market, last, order));
  });
  return [...first, ...later];
}

/** Whether a market is listed below another one: as it is older, or closes later. */
function comesAfter(market: Listed, other: Listed, order: MarketFilter["order"]): boolean {
  const [mine, theirs] =
    order === "closing" ? [market.closes_at ?? "", other.closes_at ?? ""] : [other.created_at, market.created_at]; // the newest first
  const isLaterSlug = order === "closing" ? market.slug > other.slug : market.slug < other.slug;
  return mine === theirs ? isLaterSlug : mine > theirs;
}
