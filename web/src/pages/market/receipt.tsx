/** What an order did. */

import type { Order } from "../../api/commands";
import { Notice } from "../../components/notice";
import { formatCredits, formatShares, formatTraded, formatUnitPrice } from "../../format/numbers";

export function Receipt({ order }: { order: Order }) {
  const verb = order.side === "buy" ? "Bought" : "Sold";
  return (
    <Notice tone="good">
      <strong>
        {verb} {formatShares(order.filled_quantity)} shares of {order.outcome}
      </strong>
      <span>
        for {formatTraded(order)} credits, {formatUnitPrice(order.average_price)} each. You have{" "}
        {formatCredits(order.balance)} left.
      </span>
    </Notice>
  );
}
