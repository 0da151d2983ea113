/** What somebody holds of markets that are not decided yet: anybody may know, trades are public. */

import { useState } from "preact/hooks";

import { holdingsQuery, MOST_MARKETS, type PublicHolding } from "../../api/holdings";
import { SLOW, useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { Live, Name } from "../../components/live";
import { ErrorNotice } from "../../components/notice";
import { SkeletonRows } from "../../components/skeleton";
import { formatChance, formatShares } from "../../format/numbers";
import { Link } from "../../routing/link";

/** Shown when somebody asks: all trades are read for it, and nothing on the page moves by itself. */
export function Holdings({ account }: { account: string }) {
  const [isAsked, setIsAsked] = useState(false);
  return isAsked ? (
    <OpenPositions account={account} />
  ) : (
    <button
      type="button"
      class="button"
      onClick={() => {
        setIsAsked(true);
      }}
    >
      Show open positions
    </button>
  );
}

function OpenPositions({ account }: { account: string }) {
  const { data, problem, retry } = useQuery(holdingsQuery(account), SLOW);
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={2} /> : <ErrorNotice problem={problem} onRetry={retry} />;
  }
  if (data === null) {
    return <EmptyState title="There are too many trades to add up here" />;
  }
  const { holdings, isComplete } = data;
  return (
    <>
      {holdings.length === 0 ? <EmptyState title="No open positions" /> : <HoldingList holdings={holdings} />}
      {!isComplete && <p class="soft small">Of the last {MOST_MARKETS} markets that they traded on.</p>}
    </>
  );
}

function HoldingList({ holdings }: { holdings: readonly PublicHolding[] }) {
  return (
    <ul class="card people-results">
      {holdings.map(({ slug, outcome, quantity, market }) => (
        <li key={`${slug} ${outcome}`} class="row row-apart">
          <Link href={`/markets/${slug}`}>
            <Name>{market.name}</Name>
          </Link>
          <span class="number">
            {formatShares(quantity)} <Name>{outcome}</Name>
            <br />
            <span class="small soft">
              {market.resolution === null ? (
                <>
                  at <Live>{formatChance(market.outcomes.find(({ name }) => name === outcome)?.price ?? "0")}</Live>
                </>
              ) : (
                "decided, not paid yet"
              )}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
