/** An order whose answer never came. */

import { type OrderBody, placeOrder } from "../../api/commands";
import { type Command, useCommand } from "../../api/use-command";
import { Interrupted } from "../../components/interrupted";
import { ErrorNotice } from "../../components/notice";
import { formatCost, formatFineChance, formatShares } from "../../format/numbers";
import { orderPurpose } from "./use-interrupted-order";

export function InterruptedOrder({ order, command }: { order: OrderBody; command: Command<OrderBody> }) {
  return (
    <Interrupted title="Your order may not have arrived" what={`${describe(order)}.`} body={order} command={command} />
  );
}

/** The same where nobody can trade any more, so that there is no form to say it in. */
export function LastOrder({ slug }: { slug: string }) {
  const command = useCommand(
    orderPurpose(slug),
    (body: OrderBody, key) => placeOrder(slug, body, key),
    () => undefined, // the position beside it says the rest
  );
  return command.interrupted === undefined ? (
    command.problem && <ErrorNotice problem={command.problem} />
  ) : (
    <InterruptedOrder order={command.interrupted} command={command} />
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
