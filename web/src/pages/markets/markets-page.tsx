/** All markets: search, filters, what moved today, and a row for each. */

import "./markets-page.css";

import { type Market, type MarketFilter, type MarketStatus, openMarketsQuery } from "../../api/reads";
import { SLOW, useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { SkeletonRows } from "../../components/skeleton";
import { Link } from "../../routing/link";
import { address } from "../../routing/location";
import { useStore } from "../../store";
import { useRest } from "../../use-rest";
import { useSettled } from "../../use-settled";
import { Filters, readFilters, type ShownFilters } from "./filters";
import { MarketRow } from "./market-row";
import { MovedToday } from "./moved-today";
import { wordsOf } from "./search";
import { type Trend, trendOf } from "./trend";
import { firstPageOf, useMarketPages } from "./use-market-pages";

const PAUSE_MS = 250;
/** How many rows no screen shows more of at once. */
const IN_SIGHT = 12;

export function firstQueries(_: object, search: URLSearchParams) {
  return [firstPageOf(apiFilter(readFilters(search)))];
}

export default function MarketsPage() {
  const { searchParams } = useStore(address);
  const filters = readFilters(searchParams);
  const search = useSettled(filters.search, PAUSE_MS);
  const { markets, problem, failure, hasMore, loadMore, retry } = useMarketPages(apiFilter({ ...filters, search }));
  // Typing goes on while the answer is on its way: it is shown for what it was asked for.
  const isSearching = search !== filters.search;
  const isOverview = filters.status === "ACTIVE" && search === "" && filters.tag === undefined;
  const isAllWanted = useRest(markets !== undefined || problem !== undefined);
  const { data: all } = useQuery(isAllWanted && (hasMore || !isOverview) ? openMarketsQuery : undefined, SLOW);

  const overview = isOverview ? (hasMore ? all?.markets : markets) : undefined;
  const rows = (isAllWanted ? markets : markets?.slice(0, IN_SIGHT))?.map(withTrend);
  return (
    <Page
      title="Markets"
      aside={
        <Link href="/create" class="button">
          Create a market
        </Link>
      }
    >
      <Filters filters={filters} tags={tagsOf([...(markets ?? []), ...(all?.markets ?? [])])} />
      {problem !== undefined && <ErrorNotice problem={problem} onRetry={retry} />}
      {isOverview && filters.search === "" && (markets !== undefined || problem === undefined) && (
        <MovedToday rows={overview?.map(withTrend)} />
      )}
      {rows === undefined && problem === undefined && <SkeletonRows rows={6} height="5.75rem" />}
      {rows?.length === 0 && !isSearching && <NothingFound filters={filters} />}
      {rows !== undefined && rows.length > 0 && (
        <ul class="market-list card" aria-label="Markets">
          {rows.map(({ market, trend }) => (
            <MarketRow key={market.slug} market={market} trend={trend} />
          ))}
        </ul>
      )}
      {failure !== undefined && <ErrorNotice problem={failure} />}
      {hasMore && isAllWanted && (
        <div class="row row-end">
          <button type="button" class="button" onClick={loadMore}>
            Show more
          </button>
        </div>
      )}
    </Page>
  );
}

function apiFilter({ status, tag, search, order }: ShownFilters): MarketFilter {
  const words = wordsOf(search);
  return {
    ...(status === "ALL" ? {} : { status }),
    ...(tag === undefined ? {} : { tag }),
    ...(words.length === 0 ? {} : { q: words.join(" ") }),
    ...(order === "closing" ? { order } : {}),
  };
}

function withTrend(market: Market): { market: Market; trend: Trend } {
  return { market, trend: trendOf(market) };
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
