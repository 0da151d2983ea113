/** What the reader holds in this market. */

import type { Market, Position } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { Profit } from "../../components/profit";
import { subtract } from "../../format/micros";
import { formatCredits, formatShares } from "../../format/numbers";

export function OwnPosition({ positions, market }: { positions: readonly Position[]; market: Market }) {
  const names = market.outcomes.map((outcome) => outcome.name);
  return (
    <section class="card stack" aria-labelledby="own-position">
      <h2 id="own-position">Your position</h2>
      <ul class="stack">
        {positions.map((position) => {
          return (
            <li
              key={position.outcome}
              class="position"
              style={outcomeStyle(names.indexOf(position.outcome), names.length)}
            >
              <span class="dot" />
              <span>
                <strong>{position.outcome}</strong>
                <br />
                <span class="soft small">{formatShares(position.quantity)} shares</span>
              </span>
              <span class="number">
                {formatCredits(position.value)}
                <br />
                <span class="small">
                  <Profit amount={subtract(position.value, position.spent)} />
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
