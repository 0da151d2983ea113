/** The order of a market whose answer never came, for whoever has to say so before the trade form is opened. */

import type { OrderBody } from "../../api/commands";
import { unsettled } from "../../api/intents";
import { session } from "../../session/session";
import { useStore } from "../../store";

/** What an order of somebody in a market is for: there is one at a time. */
export function orderPurpose(account: string | undefined, slug: string): string {
  return `order.${account ?? ""}.${slug}`;
}

export function useInterruptedOrder(slug: string): OrderBody | undefined {
  const user = useStore(session);
  return unsettled(orderPurpose(user?.account, slug)) as OrderBody | undefined;
}
