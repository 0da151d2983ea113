/** The newest trades of a market. */

import { type Market, type Trade, tradesQuery } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { EmptyState } from "../../components/empty-state";
import { Live, Moment, Name } from "../../components/live";
import { Paged } from "../../components/paged";
import { Person } from "../../components/person";
import { formatFineChance, formatShares, formatTraded } from "../../format/numbers";

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
            <strong>
              <Person account={trade.account} />
            </strong>{" "}
            {trade.side === "buy" ? "bought" : "sold"} {formatShares(trade.quantity)} <Name>{trade.outcome}</Name>
            <br />
            <Moment class="soft small" time={trade.created_at} />
          </span>
          <span class="number">
            <Live>{formatFineChance(trade.prices_after[trade.outcome] ?? 0)}</Live>
            <br />
            <span class="soft small">{formatTraded(trade)} credits</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
