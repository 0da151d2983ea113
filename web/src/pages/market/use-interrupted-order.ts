/** The order of a market whose answer never came, for whoever has to say so before the trade form is opened. */

import type { OrderBody } from "../../api/commands";
import { purposeOf, unsettled } from "../../api/intents";
import { draftFor } from "../../session/drafts";
import { session } from "../../session/session";
import { useStore } from "../../store";

/** What an order in a market is for: there is one at a time. */
export function orderPurpose(slug: string): string {
  return `order.${slug}`;
}

/** What the trade form of a market keeps its terms for. */
export function tradeDraft(slug: string): string {
  return `order.${slug}`;
}

/** The outcome that somebody was about to trade when the form was taken away. */
export function draftedOutcome(slug: string): string | undefined {
  const { outcome, typed } = draftFor(tradeDraft(slug));
  return typeof outcome === "string" && typeof typed === "string" && typed !== "" ? outcome : undefined;
}

export function useInterruptedOrder(slug: string): OrderBody | undefined {
  const user = useStore(session);
  return unsettled(purposeOf(user?.account, orderPurpose(slug))) as OrderBody | undefined;
}
