/** The list of markets, page after page: the first is kept fresh, the others stay as they were read. */

import { useReducer, useState } from "preact/hooks";

import { dataOf } from "../../api/client";
import { type Problem, problemOfFailure } from "../../api/problem";
import { type Market, type MarketFilter, marketsQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { session } from "../../session/session";
import { joined } from "./joined";

const PAGE = 30;
const EVERY_MS = 5_000;

interface Older {
  readonly markets: readonly Market[];
  readonly cursor: string | null;
}

/** What was read of each list, its first page too, so that going back to it shows as much as before. */
const readBefore = new Map<string, Older>();
session.subscribe(() => {
  readBefore.clear();
});

/** The first page of a list. */
export function firstPageOf(filter: MarketFilter) {
  return marketsQuery(filter, { limit: PAGE });
}

export interface MarketPages {
  /** Undefined until the first page is there. */
  readonly markets: readonly Market[] | undefined;
  /** Why the first page could not be read. */
  readonly problem: Problem | undefined;
  /** Why no more could be loaded. */
  readonly failure: Problem | undefined;
  readonly hasMore: boolean;
  readonly loadMore: () => Promise<void>;
  /** Reads again what could not be read. */
  readonly retry: () => void;
}

export function useMarketPages(filter: MarketFilter): MarketPages {
  const first = firstPageOf(filter);
  const { data, problem, retry } = useQuery(first, EVERY_MS);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [failure, setFailure] = useState<Problem>();

  const isAll = data?.cursor === null;
  const followed = isAll ? undefined : readBefore.get(first.key);
  const cursor = followed === undefined ? (data?.cursor ?? null) : followed.cursor;

  const loadMore = async () => {
    if (cursor === null) {
      return;
    }
    try {
      const page = await dataOf(marketsQuery(filter, { limit: PAGE, cursor }).read({}));
      const before = followed?.markets ?? data?.markets ?? [];
      readBefore.set(first.key, { markets: [...before, ...page.markets], cursor: page.cursor });
      setFailure(undefined);
      redraw(undefined);
    } catch (thrown) {
      setFailure(problemOfFailure(thrown));
    }
  };

  return {
    markets: data && joined(data.markets, followed?.markets ?? [], filter),
    problem,
    failure,
    hasMore: cursor !== null,
    loadMore,
    retry,
  };
}
