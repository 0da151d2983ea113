/** Who holds shares of a market, the largest first. */

import { type Holder, holdersQuery, type Market } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { outcomeStyle } from "../../chart/palette";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { Person } from "../../components/person";
import { SkeletonRows } from "../../components/skeleton";
import { isAbove } from "../../format/micros";
import { formatShares } from "../../format/numbers";

const MOST = 100;

export function Holders({ market }: { market: Market }) {
  const { data, problem } = useQuery(holdersQuery(market.slug, { limit: MOST }));
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={6} /> : <ErrorNotice problem={problem} />;
  }
  if (data.holders.length === 0) {
    return <EmptyState title="Nobody holds shares of this" />;
  }
  return (
    <div class="holders">
      {market.outcomes.map((outcome, index) => (
        <OutcomeHolders
          key={outcome.name}
          name={outcome.name}
          holders={data.holders.filter((holder) => holder.outcome === outcome.name)}
          style={outcomeStyle(index, market.outcomes.length)}
        />
      ))}
      {data.cursor !== null && <p class="soft small">There are more holders than the {MOST} looked at here.</p>}
    </div>
  );
}

interface OutcomeHoldersProps {
  name: string;
  holders: readonly Holder[];
  style: Readonly<Record<string, string>>;
}

function OutcomeHolders({ name, holders, style }: OutcomeHoldersProps) {
  const largestFirst = [...holders].sort((one, other) => (isAbove(one.quantity, other.quantity) ? -1 : 1));
  return (
    <section style={style}>
      <h3 class="row">
        <span class="dot" />
        {name}
      </h3>
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
              <td class="number">{formatShares(holder.quantity)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {holders.length === 0 && <p class="soft small">Nobody</p>}
    </section>
  );
}
