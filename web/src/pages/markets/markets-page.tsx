/** All markets: search, filters, what moved today, and a row for each. */

import "./markets-page.css";

import { useEffect } from "preact/hooks";

import { type Market, type MarketFilter, type MarketStatus, pricesQuery } from "../../api/reads";
import { SLOW, useQueries } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { SkeletonRows } from "../../components/skeleton";
import { Link } from "../../routing/link";
import { address } from "../../routing/location";
import { useStore } from "../../store";
import { Filters, readFilters, type ShownFilters } from "./filters";
import { MarketRow } from "./market-row";
import { MovedToday } from "./moved-today";
import { trendOf, WEEK } from "./trend";
import { useMarketPages } from "./use-market-pages";

const ENOUGH_FOUND = 10;

export default function MarketsPage() {
  const { searchParams } = useStore(address);
  const filters = readFilters(searchParams);
  const { markets, problem, hasMore, loadMore } = useMarketPages(apiFilter(filters));
  const found = markets?.filter((market) => mentions(market, filters.search));
  const candles = useQueries(
    (found ?? []).map((market) => pricesQuery(market.slug, WEEK, "1h")),
    SLOW,
  );
  const rows = found?.map((market, index) => ({ market, trend: trendOf(market, candles[index]?.data?.prices) }));
  const isSearching = filters.search !== "" && hasMore && (found?.length ?? ENOUGH_FOUND) < ENOUGH_FOUND;
  const known = markets?.length;

  useEffect(() => {
    if (isSearching) {
      void loadMore();
    }
    // One page at a time: the next when this one is there.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isSearching, known]);

  return (
    <Page
      title="Markets"
      aside={
        <Link href="/create" class="button">
          Create a market
        </Link>
      }
    >
      <Filters filters={filters} tags={tagsOf(markets ?? [])} />
      {problem !== undefined && <ErrorNotice problem={problem} onRetry={() => void loadMore()} />}
      {filters.status === "ACTIVE" && filters.search === "" && filters.tag === undefined && <MovedToday rows={rows} />}
      {rows === undefined && problem === undefined && <SkeletonRows rows={6} height="5.75rem" />}
      {rows?.length === 0 && !isSearching && <NothingFound filters={filters} />}
      {rows !== undefined && rows.length > 0 && (
        <ul class="market-list card" aria-label="Markets">
          {rows.map(({ market, trend }) => (
            <MarketRow key={market.slug} market={market} trend={trend} />
          ))}
        </ul>
      )}
      {hasMore && (
        <div class="row row-end">
          <button type="button" class="button" onClick={loadMore}>
            Show more
          </button>
        </div>
      )}
    </Page>
  );
}

function apiFilter({ status, tag }: ShownFilters): MarketFilter {
  return { ...(status === "ALL" ? {} : { status }), ...(tag === undefined ? {} : { tag }) };
}

function mentions(market: Market, search: string): boolean {
  const text = [market.name, ...market.tags, ...market.outcomes.map((outcome) => outcome.name)].join("\n");
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.toLocaleLowerCase().includes(word));
}

function tagsOf(markets: readonly Market[]): readonly string[] {
  return [...new Set(markets.flatMap((market) => market.tags))].sort();
}

const NOTHING: Readonly<Partial<Record<MarketStatus | "ALL", string>>> = {
  ACTIVE: "No market is open",
  CLOSED: "No market waits for its outcome",
  RESOLVED: "No market has been resolved",
};

function NothingFound({ filters }: { filters: ShownFilters }) {
  if (filters.search !== "") {
    return (
      <EmptyState title={`Nothing matches “${filters.search}”`}>
        <p>Try fewer words, or look among all markets, whatever became of them.</p>
        <Link href={`/?status=ALL&q=${encodeURIComponent(filters.search)}`} class="button">
          Search all markets
        </Link>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={NOTHING[filters.status] ?? "There is no market yet"}>
      <p>
        A market asks a question about the future. Whoever knows something trades, and the price becomes the forecast.
      </p>
      <Link href="/create" class="button button-strong">
        Ask the first question
      </Link>
    </EmptyState>
  );
}
