/** The list of markets, page after page: the first is kept fresh, the others stay as they were read. */

import { useState } from "preact/hooks";

import { dataOf } from "../../api/client";
import { type Problem, problemOfFailure } from "../../api/problem";
import { type Market, type MarketFilter, marketsQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";

const PAGE = 30;
const EVERY_MS = 5_000;

interface Older {
  readonly of: string;
  readonly markets: readonly Market[];
  readonly cursor: string | null;
}

export interface MarketPages {
  /** Undefined until the first page is there. */
  readonly markets: readonly Market[] | undefined;
  readonly problem: Problem | undefined;
  readonly hasMore: boolean;
  readonly loadMore: () => Promise<void>;
}

export function useMarketPages(filter: MarketFilter): MarketPages {
  const first = marketsQuery(filter, { limit: PAGE });
  const { data, problem } = useQuery(first, EVERY_MS);
  const [older, setOlder] = useState<Older>();
  const [failure, setFailure] = useState<Problem>();

  const followed = older?.of === first.key ? older : undefined;
  const cursor = followed === undefined ? (data?.cursor ?? null) : followed.cursor;

  const loadMore = async () => {
    if (cursor === null) {
      return;
    }
    try {
      const page = await dataOf(marketsQuery(filter, { limit: PAGE, cursor }).read({}));
      setOlder({ of: first.key, markets: [...(followed?.markets ?? []), ...page.markets], cursor: page.cursor });
      setFailure(undefined);
    } catch (thrown) {
      setFailure(problemOfFailure(thrown));
    }
  };

  return {
    markets: data && withoutTwins([...data.markets, ...(followed?.markets ?? [])]),
    problem: problem ?? failure,
    hasMore: cursor !== null,
    loadMore,
  };
}

/** New markets push old ones onto later pages: then one is there twice, and the first is the fresh one. */
function withoutTwins(markets: readonly Market[]): readonly Market[] {
  const bySlug = new Map<string, Market>();
  for (const market of markets) {
    bySlug.set(market.slug, bySlug.get(market.slug) ?? market);
  }
  return [...bySlug.values()];
}
