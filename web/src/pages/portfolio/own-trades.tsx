/** The reader's own trades. */

import { Moment, Name } from "../../components/live";
import { myTradesQuery } from "../../api/reads";
import { EmptyState } from "../../components/empty-state";
import { MarketLink } from "../../components/market-link";
import { Paged } from "../../components/paged";
import { formatShares, formatTraded } from "../../format/numbers";

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
                    <td class="soft wide">
                      <Moment time={trade.created_at} />
                    </td>
                    <td>
                      {trade.side === "buy" ? "Bought" : "Sold"} <Name>{trade.outcome}</Name>
                    </td>
                    <td class="number" translate={false}>
                      {formatShares(trade.quantity)}
                    </td>
                    <td class="number" translate={false}>
                      {formatTraded(trade)}
                    </td>
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
