/** What an order did. */

import { Name } from "../../components/live";
import type { Order } from "../../api/commands";
import { Notice } from "../../components/notice";
import { formatCredits, formatShares, formatTraded, formatUnitPrice } from "../../format/numbers";

export function Receipt({ order }: { order: Order }) {
  const verb = order.side === "buy" ? "Bought" : "Sold";
  return (
    <Notice tone="good">
      <strong>
        {verb} {formatShares(order.filled_quantity)} shares of <Name>{order.outcome}</Name>
      </strong>
      <span>
        for {formatTraded(order)} credits, {formatUnitPrice(order.average_price)} each. You have{" "}
        {formatCredits(order.balance)} left.
      </span>
    </Notice>
  );
}
