/** The figures at the top of the portfolio. */

import type { ComponentChildren } from "preact";

import type { Portfolio } from "../../api/reads";
import { Profit } from "../../components/profit";
import { subtract, sum } from "../../format/micros";
import { formatCredits } from "../../format/numbers";
import { type Valued, worthOfAll } from "./use-worths";

export function Equity({ portfolio, valued }: { portfolio: Portfolio; valued: readonly Valued[] }) {
  const invested = worthOfAll(valued);
  const profit = subtract(invested, sum(portfolio.positions.map(({ spent }) => spent)));
  return (
    <dl class="card equity">
      <Figure name="Equity" isMain>
        {formatCredits(sum([portfolio.balance, invested]))}
      </Figure>
      <Figure name="Balance">{formatCredits(portfolio.balance)}</Figure>
      <Figure name="In markets">{formatCredits(invested)}</Figure>
      <Figure name="Open profit">
        <Profit amount={profit} />
      </Figure>
    </dl>
  );
}

function Figure({ name, isMain = false, children }: { name: string; isMain?: boolean; children: ComponentChildren }) {
  return (
    <div class={isMain ? "equity-main" : ""}>
      <dt class="soft small">{name}</dt>
      <dd translate={false}>{children}</dd>
    </div>
  );
}
