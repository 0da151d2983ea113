/** What came of the markets that the reader has traded on, with win and loss in words. */

import { resultsQuery } from "../../api/reads";
import { EmptyState } from "../../components/empty-state";
import { Paged } from "../../components/paged";
import { classOfResult, resultWords } from "../../format/result";
import { formatDay } from "../../format/times";
import { Link } from "../../routing/link";

export function Results({ account }: { account: string }) {
  return (
    <Paged queryOf={(page) => resultsQuery(account, page)}>
      {({ results }) =>
        results.length === 0 ? (
          <EmptyState title="Nothing that you have traded on is decided yet" />
        ) : (
          <ul class="own-markets">
            {results.map(({ market, name, resolved_at, profit }) => (
              <li key={market} class="row row-apart">
                <span>
                  <Link href={`/markets/${market}`}>
                    <span dir="auto">{name}</span>
                  </Link>
                  <br />
                  <span class="soft small">decided {formatDay(resolved_at)}</span>
                </span>
                <strong class={classOfResult(profit)}>{resultWords(profit)}</strong>
              </li>
            ))}
          </ul>
        )
      }
    </Paged>
  );
}
