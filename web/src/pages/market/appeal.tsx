/** How long a decision can still be appealed, counted down. */

import { appealsUntil, type Market } from "../../api/reads";
import { Live } from "../../components/live";
import { Person } from "../../components/person";
import { formatCountdown } from "../../format/times";
import { useNow } from "./use-now";

const SECOND_MS = 1_000;

export function Appeal({ market }: { market: Market }) {
  const until = appealsUntil(market);
  const time = useNow(until === undefined ? undefined : SECOND_MS);
  if (until === undefined || until <= time) {
    return null;
  }
  return (
    <p class="notice notice-care">
      <span>
        Paid out in <Live>{formatCountdown(until - time)}</Live>. Until then <Person account={market.creator} /> or an
        admin can take the decision back: tell them if it is wrong.
      </span>
    </p>
  );
}
