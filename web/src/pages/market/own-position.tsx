/** What the reader holds in this market. */

import { Live, Name, Words } from "../../components/live";
import { isSellable, type Market, type Position, worthOf } from "../../api/reads";
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
                <strong>
                  <Name>{position.outcome}</Name>
                </strong>
                <br />
                <Words class="soft small">{`${formatShares(position.quantity)} shares`}</Words>
              </span>
              <span class="number">
                {isSellable(position) && <span class="soft small">sells for </span>}
                <Live>{formatCredits(worthOf(position))}</Live>
                <br />
                <span class="small">
                  <Profit amount={subtract(worthOf(position), position.spent)} />
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
