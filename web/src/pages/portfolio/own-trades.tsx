/** The reader's own trades. */

import { myTradesQuery } from "../../api/reads";
import { EmptyState } from "../../components/empty-state";
import { MarketLink } from "../../components/market-link";
import { Paged } from "../../components/paged";
import { formatShares, formatTraded } from "../../format/numbers";
import { formatDateTime } from "../../format/times";

export function OwnTrades() {
  return (
    <Paged queryOf={myTradesQuery}>
      {({ trades }) =>
        trades.length === 0 ? (
          <EmptyState title="You have not traded yet" />
        ) : (
          <div class="scroller" tabIndex={0} role="region" aria-label="Trades">
            <table>
              <thead>
                <tr>
                  <th scope="col">Market</th>
                  <th scope="col" class="wide">
                    When
                  </th>
                  <th scope="col">What</th>
                  <th scope="col" class="number">
                    Shares
                  </th>
                  <th scope="col" class="number">
                    Credits
                  </th>
                </tr>
              </thead>
              <tbody>
                {trades.map((trade) => (
                  <tr key={trade.id}>
                    <th scope="row">
                      <MarketLink slug={trade.market} />
                    </th>
                    <td class="soft wide">{formatDateTime(trade.created_at)}</td>
                    <td>
                      {trade.side === "buy" ? "Bought" : "Sold"} {trade.outcome}
                    </td>
                    <td class="number">{formatShares(trade.quantity)}</td>
                    <td class="number">{formatTraded(trade)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Paged>
  );
}
