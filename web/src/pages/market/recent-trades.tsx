/** The newest trades of a market. */

import { type Market, tradesQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { outcomeStyle } from "../../chart/palette";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { SkeletonRows } from "../../components/skeleton";
import { formatCredits, formatFineChance, formatShares } from "../../format/numbers";
import { formatAgo, formatDateTime } from "../../format/times";

export function RecentTrades({ market }: { market: Market }) {
  const { data, problem } = useQuery(tradesQuery(market.slug));
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={6} /> : <ErrorNotice problem={problem} />;
  }
  if (data.trades.length === 0) {
    return (
      <EmptyState title="Nobody has traded yet">
        <p>All outcomes start out equally likely. The first to trade says otherwise.</p>
      </EmptyState>
    );
  }
  const names = market.outcomes.map((outcome) => outcome.name);
  return (
    <ol class="trades">
      {data.trades.map((trade) => (
        <li key={trade.id} style={outcomeStyle(names.indexOf(trade.outcome), names.length)}>
          <span class="dot" />
          <span>
            <strong>{trade.account}</strong> {trade.side === "buy" ? "bought" : "sold"} {formatShares(trade.quantity)}{" "}
            {trade.outcome}
            <br />
            <time class="soft small" dateTime={trade.created_at} title={formatDateTime(trade.created_at)}>
              {formatAgo(trade.created_at)}
            </time>
          </span>
          <span class="number">
            {formatFineChance(trade.prices_after[trade.outcome] ?? 0)}
            <br />
            <span class="soft small">{formatCredits(trade.amount)} credits</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
