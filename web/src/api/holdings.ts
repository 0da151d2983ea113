/** What somebody holds of markets that are not decided yet, added up from their public trades. */

import type { Query } from "./cache";
import { type Answer, client } from "./client";
import { type Held, leftOf } from "./left-of";
import { isFinal, type Market, marketQuery, type Trade } from "./reads";

const PAGE = 100;
const MOST_TRADES = 500;
export const MOST_MARKETS = 20;

export interface PublicHolding extends Held {
  readonly market: Market;
}

export interface PublicHoldings {
  readonly holdings: readonly PublicHolding[];
  /** Whether all markets that were traded on were looked at, not only the last ones. */
  readonly isComplete: boolean;
}

/** The open positions of an account, of the last markets that it traded on; null where it has more trades than are read here. */
export function holdingsQuery(account: string): Query<PublicHoldings | null> {
  return {
    key: `/v1/accounts/${account}/trades?holdings`,
    read: async () => {
      const trades: Trade[] = [];
      let cursor: string | undefined;
      for (;;) {
        const { data, ...rest }: Answer<{ trades: Trade[]; cursor: string | null }> = await tradesOf(account, cursor);
        if (data === undefined) {
          return rest;
        }
        trades.push(...data.trades);
        if (data.cursor === null) {
          return await open(leftOf(trades));
        }
        if (trades.length >= MOST_TRADES) {
          return { ...rest, data: null };
        }
        ({ cursor } = data);
      }
    },
  };
}

function tradesOf(account: string, cursor?: string) {
  const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
  return client.GET("/v1/accounts/{account}/trades", { params: { path: { account }, query } });
}

async function open(held: readonly Held[]): Promise<Answer<PublicHoldings | null>> {
  const slugs = [...new Set(held.map(({ slug }) => slug))];
  const answers = await Promise.all(slugs.slice(0, MOST_MARKETS).map((slug) => marketQuery(slug).read({})));
  const failed = answers.find(({ response }) => !response.ok);
  if (failed !== undefined) {
    return { error: failed.error, response: failed.response }; // less than all of it would be a wrong answer
  }
  const markets = new Map(answers.flatMap(({ data }) => (data === undefined ? [] : [[data.slug, data] as const])));
  const holdings = held.flatMap((each) => {
    const market = markets.get(each.slug);
    return market === undefined || isFinal(market) ? [] : [{ ...each, market }];
  });
  return { data: { holdings, isComplete: slugs.length <= MOST_MARKETS }, response: new Response() };
}
