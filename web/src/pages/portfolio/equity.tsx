/** The figures at the top of the portfolio. */

import type { ComponentChildren } from "preact";

import { type Portfolio, worthOf } from "../../api/reads";
import { Profit } from "../../components/profit";
import { subtract, sum } from "../../format/micros";
import { formatCredits } from "../../format/numbers";

export function Equity({ portfolio }: { portfolio: Portfolio }) {
  const invested = sum(portfolio.positions.map(worthOf));
  const profit = sum(portfolio.positions.map((position) => subtract(worthOf(position), position.spent)));
  return (
    <dl class="card equity">
      <Figure name="Equity" isMain>
        {formatCredits(portfolio.sale_equity)}
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
