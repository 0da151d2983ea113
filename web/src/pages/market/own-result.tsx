/** What a decided market did to the reader. */

import { type Movements, movementsQuery } from "../../api/movements";
import type { Market } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { isPositive } from "../../format/micros";
import { formatCost, formatCredits } from "../../format/numbers";
import { classOfResult, resultWords } from "../../format/result";

/** It is decided: what it did changes no more. */
const RARELY_MS = 3_600_000;

export function OwnResult({ market }: { market: Market }) {
  const { data } = useQuery(movementsQuery(market), RARELY_MS);
  if (data === undefined || !(data.hasTraded || data.subsidy !== undefined)) {
    return null;
  }
  return (
    <section class="card stack stack-tight" aria-label="What it did to you">
      {data.hasTraded && <Trading movements={data} />}
      {data.subsidy !== undefined && (
        <p class="soft small">
          {isPositive(data.subsidy)
            ? `As its creator you got back your subsidy and ${formatCredits(data.subsidy)} credits more.`
            : `Asking the question cost you ${formatCost(data.subsidy.replace("-", ""))} credits of your subsidy.`}
        </p>
      )}
    </section>
  );
}

function Trading({ movements: { profit, spent, received } }: { movements: Movements }) {
  return (
    <>
      <p class={`own-result ${classOfResult(profit)}`}>{resultWords(profit)}</p>
      <p class="soft small">
        You put in {formatCost(spent.replace("-", ""))} credits and got out {formatCredits(received)}.
      </p>
    </>
  );
}
