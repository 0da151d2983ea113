/** Whether the creator of a market has an interest in its outcome: whoever ever held shares of it does not resolve it. */

import { dataOf } from "../../api/client";
import type { Query } from "../../api/cache";
import { type Market, marketKey, myTradesQuery, type Position } from "../../api/reads";
import type { Session } from "../../session/session";

const PAGE = 100;
const MOST_PAGES = 10;

/** Whether somebody may resolve a market as its creator alone: admins always may. */
export function resolvesAsCreator(user: Session | undefined, market: Market): boolean {
  return user?.account === market.creator && !user.isAdmin;
}

/**
 * Whether the reader ever traded on a market, by their own trades since it was published.
 *
 * @param positions what they hold of it now: with any, nothing needs to be read.
 */
export function everTradedQuery(market: Market, positions: readonly Position[]): Query<boolean> {
  const isHolder = positions.length > 0;
  return {
    key: `${marketKey(market.slug)}/own-interest?${isHolder ? "holds" : "held"}`,
    read: async () => ({ data: isHolder || (await everTraded(market)), response: new Response(null) }),
  };
}

async function everTraded({ slug, published_at }: Market): Promise<boolean> {
  if (published_at === null) {
    return false;
  }
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = myTradesQuery({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    const { trades, cursor: next } = await dataOf(query.read({}));
    if (trades.some((trade) => trade.market === slug)) {
      return true;
    }
    const last = trades.at(-1);
    if (next === null || last === undefined || Date.parse(last.created_at) < Date.parse(published_at)) {
      return false;
    }
    cursor = next;
  }
  return false;
}
