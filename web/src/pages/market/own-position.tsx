/** What the reader holds in this market. */

import type { Market, Position } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { subtract } from "../../format/micros";
import { formatChange, formatCredits, formatShares } from "../../format/numbers";

export function OwnPosition({ positions, market }: { positions: readonly Position[]; market: Market }) {
  const names = market.outcomes.map((outcome) => outcome.name);
  return (
    <section class="card stack" aria-labelledby="own-position">
      <h2 id="own-position">Your position</h2>
      <ul class="stack">
        {positions.map((position) => {
          const profit = subtract(position.value, position.spent);
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
                <span class={`small ${profit.startsWith("-") ? "loss" : "gain"}`}>{formatChange(profit)}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
