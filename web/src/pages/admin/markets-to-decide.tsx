/** Closed markets, which wait for somebody to say what happened. */

import { type Market, marketsQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { Name } from "../../components/live";
import { ErrorNotice } from "../../components/notice";
import { Person } from "../../components/person";
import { SkeletonRows } from "../../components/skeleton";
import { closingWords } from "../../format/closing";
import { formatVolume } from "../../format/numbers";
import { Link } from "../../routing/link";

const MOST = 100;

export function MarketsToDecide() {
  const { data, problem, retry } = useQuery(marketsQuery({ status: "CLOSED" }, { limit: MOST }));
  return (
    <section class="card stack" aria-labelledby="to-decide">
      <div>
        <h2 id="to-decide">Waiting for an outcome</h2>
        <p class="soft small">Open a market to resolve it, void it, or let people trade again.</p>
      </div>
      {problem !== undefined && <ErrorNotice problem={problem} onRetry={retry} />}
      {data === undefined && problem === undefined && <SkeletonRows rows={2} height="3.5rem" />}
      {data?.markets.length === 0 && <EmptyState title="Nothing waits" />}
      <ul class="to-decide">
        {data?.markets.map((market) => (
          <li key={market.slug}>
            <Link href={`/markets/${market.slug}`}>
              <Name>{market.name}</Name>
            </Link>
            <p class="soft small">
              {closingOf(market)}
              {formatVolume(market.volume)} credits traded · by <Person account={market.creator} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function closingOf(market: Market): string {
  const words = closingWords(market);
  return words === undefined ? "" : `${words} · `;
}
