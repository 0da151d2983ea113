/** What the reader holds, with what became of it. */

import { Name, Words } from "../../components/live";
import { isDecided, isSellable } from "../../api/reads";
import { EmptyState } from "../../components/empty-state";
import { Profit } from "../../components/profit";
import { StatusBadge } from "../../components/status-badge";
import { subtract } from "../../format/micros";
import { formatChance, formatCost, formatCredits, formatShares } from "../../format/numbers";
import { Link } from "../../routing/link";
import type { Valued } from "./use-worths";

/** What is decided has no chance any more, whatever its last price was; and what it gives back is not always known. */
const UNKNOWN = "–";

export function Positions({ valued }: { valued: readonly Valued[] }) {
  return (
    <section class="stack">
      <h2 id="positions" class="unseen">
        Positions
      </h2>
      {valued.length === 0 ? <NoPositions /> : <PositionTable valued={valued} />}
    </section>
  );
}

function NoPositions() {
  return (
    <div class="card">
      <EmptyState title="You hold nothing yet">
        <p>Find a question you know something about, and trade on what you think will happen.</p>
        <Link href="/" class="button button-strong">
          See the markets
        </Link>
      </EmptyState>
    </div>
  );
}

function PositionTable({ valued }: { valued: readonly Valued[] }) {
  return (
    <div class="card scroller" tabIndex={0} role="region" aria-labelledby="positions">
      <table class="positions">
        <thead>
          <tr>
            <th scope="col">Market</th>
            <th scope="col" class="number wide">
              Shares
            </th>
            <th scope="col" class="number wide">
              Chance
            </th>
            <th scope="col" class="number wide">
              Paid
            </th>
            <th scope="col" class="number">
              <Words>{valued.some(({ position }) => isSellable(position)) ? "Sells for" : "Value"}</Words>
            </th>
            <th scope="col" class="number">
              Profit
            </th>
          </tr>
        </thead>
        <tbody>
          {valued.map((each) => (
            <PositionRow key={`${each.position.market} ${each.position.outcome}`} {...each} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PositionRow({ position, worth }: Valued) {
  return (
    <tr>
      <th scope="row">
        <Link href={`/markets/${position.market}`}>
          <Name>{position.name}</Name>
        </Link>
        <br />
        <span class="row soft small">
          <Name>{position.outcome}</Name>
          {position.status !== "ACTIVE" && <StatusBadge status={position.status} />}
        </span>
      </th>
      <td class="number wide" translate={false}>
        {formatShares(position.quantity)}
      </td>
      <td class="number wide" translate={false}>
        {isDecided(position) ? UNKNOWN : formatChance(position.price)}
      </td>
      <td class="number wide" translate={false}>
        {formatCost(position.spent)}
      </td>
      <td class="number" translate={false}>
        {worth === undefined ? UNKNOWN : formatCredits(worth)}
      </td>
      <td class="number" translate={false}>
        {worth === undefined ? UNKNOWN : <Profit amount={subtract(worth, position.spent)} />}
      </td>
    </tr>
  );
}
