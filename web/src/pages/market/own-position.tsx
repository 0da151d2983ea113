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
          const worth = worthOf(position, market.resolution);
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
              {worth !== undefined && (
                <span class="number">
                  <Words class="soft small">{verbOf(position, market)}</Words>
                  <Live>{formatCredits(worth)}</Live>
                  <br />
                  <span class="small">
                    <Profit amount={subtract(worth, position.spent)} />
                  </span>
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function verbOf(position: Position, { resolution }: Market): string {
  return isSellable(position) ? "sells for " : resolution === null ? "" : "pays ";
}
