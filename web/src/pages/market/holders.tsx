/** Who holds most of each outcome of a market. */

import { type Market, topHoldersQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { outcomeStyle } from "../../chart/palette";
import { EmptyState } from "../../components/empty-state";
import { Live, Name } from "../../components/live";
import { ErrorNotice } from "../../components/notice";
import { Person } from "../../components/person";
import { SkeletonRows } from "../../components/skeleton";
import { isPositive } from "../../format/micros";
import { formatShares } from "../../format/numbers";
import { useSteadyOrder } from "./likeliest";

const MOST = 10;

export function Holders({ market }: { market: Market }) {
  const order = useSteadyOrder(market);
  const held = order.filter((index) => isPositive(market.outcomes[index]?.shares ?? "0"));
  if (held.length === 0) {
    return <EmptyState title="Nobody holds shares of this" />;
  }
  return (
    <div class="holders">
      {held.map((index) => (
        <OutcomeHolders
          key={index}
          market={market}
          name={market.outcomes[index]?.name ?? ""}
          style={outcomeStyle(index, market.outcomes.length)}
        />
      ))}
    </div>
  );
}

interface OutcomeHoldersProps {
  market: Market;
  name: string;
  style: Readonly<Record<string, string>>;
}

function OutcomeHolders({ market, name, style }: OutcomeHoldersProps) {
  const { data, problem, retry } = useQuery(topHoldersQuery(market.slug, name, MOST));
  const largestFirst = data?.holders;
  return (
    <section style={style}>
      <h3 class="row">
        <span class="dot" />
        <Name>{name}</Name>
      </h3>
      {largestFirst === undefined && problem === undefined && <SkeletonRows rows={3} height="2rem" />}
      {problem !== undefined && data === undefined && <ErrorNotice problem={problem} onRetry={retry} />}
      {largestFirst !== undefined && (
        <table>
          <thead class="unseen">
            <tr>
              <th scope="col">Account</th>
              <th scope="col">Shares</th>
            </tr>
          </thead>
          <tbody>
            {largestFirst.map((holder) => (
              <tr key={holder.account}>
                <td>
                  <Person account={holder.account} />
                </td>
                <td class="number">
                  <Live>{formatShares(holder.quantity)}</Live>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
