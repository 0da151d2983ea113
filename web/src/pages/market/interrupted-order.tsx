/** An order whose answer never came, perhaps before a reload. Until that is cleared up there is no other. */

import type { OrderBody } from "../../api/commands";
import type { Command } from "../../api/use-command";
import { Notice } from "../../components/notice";
import { formatCost, formatFineChance, formatShares } from "../../format/numbers";

export function InterruptedOrder({ order, command }: { order: OrderBody; command: Command<OrderBody> }) {
  return (
    <Notice tone="care">
      <strong>Your order may not have arrived</strong>
      <span key={command.problem?.message} dir="auto">
        {describe(order)}. {command.problem?.message} Send it again to find out: it is never done twice.
      </span>
      <div class="row">
        <button type="button" class="button button-small" onClick={() => command.run(order)}>
          Send it again
        </button>
        <button type="button" class="button button-small button-quiet" onClick={command.dismiss}>
          Forget it
        </button>
      </div>
    </Notice>
  );
}

function describe(order: OrderBody): string {
  const { side, outcome, limit_price, time_in_force } = order;
  if (time_in_force === "immediate_or_cancel" && typeof limit_price === "string") {
    return `Buy ${outcome} until its chance is ${formatFineChance(limit_price)}`;
  }
  if ("spend" in order) {
    return `Buy ${outcome} for ${formatCost(order.spend)} credits`;
  }
  return `${side === "buy" ? "Buy" : "Sell"} ${formatShares(order.quantity)} shares of ${outcome}`;
}
