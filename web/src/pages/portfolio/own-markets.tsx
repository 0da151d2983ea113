/** The markets that the reader has asked: what waits for them first. */

import { Words } from "../../components/live";
import { type Market, type MarketStatus, marketsQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { SkeletonRows } from "../../components/skeleton";
import { StatusBadge } from "../../components/status-badge";
import { formatCount, formatVolume } from "../../format/numbers";
import { Link } from "../../routing/link";

const MOST = 100;

const GROUPS: readonly { title: string; statuses: readonly MarketStatus[] }[] = [
  { title: "Waiting for you", statuses: ["CLOSED"] },
  { title: "Drafts", statuses: ["DRAFT"] },
  { title: "Open", statuses: ["ACTIVE"] },
  { title: "Decided", statuses: ["SETTLING", "RESOLVED", "VOIDED"] },
];

export function OwnMarkets({ account }: { account: string }) {
  const { data, problem, retry } = useQuery(marketsQuery({ creator: account }, { limit: MOST }));
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={4} /> : <ErrorNotice problem={problem} onRetry={retry} />;
  }
  if (data.markets.length === 0) {
    return (
      <EmptyState title="You have asked nothing yet">
        <p>A question that people disagree about makes a good market.</p>
        <Link href="/create" class="button button-strong">
          Create a market
        </Link>
      </EmptyState>
    );
  }
  return (
    <div class="stack stack-wide">
      {GROUPS.map((group) => (
        <Group
          key={group.title}
          title={group.title}
          markets={data.markets.filter((market) => group.statuses.includes(market.status))}
        />
      ))}
      {data.cursor !== null && <p class="soft small">These are the newest {formatCount(MOST)} of your markets.</p>}
    </div>
  );
}

function Group({ title, markets }: { title: string; markets: readonly Market[] }) {
  if (markets.length === 0) {
    return null;
  }
  return (
    <section class="card stack stack-tight">
      <h2>{title}</h2>
      <ul class="own-markets">
        {markets.map((market) => (
          <li key={market.slug}>
            <Link href={`/markets/${market.slug}`}>
              <span dir="auto">{market.name}</span>
            </Link>
            <p class="row soft small">
              <StatusBadge status={market.status} />
              <Words>{wordsFor(market)}</Words>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordsFor({ status, volume, trade_count }: Market): string {
  switch (status) {
    case "DRAFT":
      return "nobody else sees it until you publish it";
    case "CLOSED":
      return `say what happened: ${traded(volume, trade_count)}`;
    default:
      return traded(volume, trade_count);
  }
}

function traded(volume: string, trades: number): string {
  return `${formatVolume(volume)} credits in ${formatCount(trades)} ${trades === 1 ? "trade" : "trades"}`;
}
