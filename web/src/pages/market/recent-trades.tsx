/** The newest trades of a market. */

import { type Market, type Trade, tradesQuery } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { EmptyState } from "../../components/empty-state";
import { Paged } from "../../components/paged";
import { formatFineChance, formatShares, formatTraded } from "../../format/numbers";
import { formatAgo, formatDateTime } from "../../format/times";

const SHOWN = 10;

export function RecentTrades({ market }: { market: Market }) {
  return (
    <Paged queryOf={(page) => tradesQuery(market.slug, { limit: SHOWN, ...page })}>
      {({ trades }) => <TradeList market={market} trades={trades} />}
    </Paged>
  );
}

function TradeList({ market, trades }: { market: Market; trades: readonly Trade[] }) {
  if (trades.length === 0) {
    return (
      <EmptyState title="Nobody has traded yet">
        <p>All outcomes start out equally likely. The first to trade says otherwise.</p>
      </EmptyState>
    );
  }
  const names = market.outcomes.map((outcome) => outcome.name);
  return (
    <ol class="trades">
      {trades.map((trade) => (
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
            <span class="soft small">{formatTraded(trade)} credits</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
