/** How far a price has moved, in percentage points: by sign, colour and words. */

import { formatPoints } from "../format/numbers";

const LEAST = 0.0005;

export function Change({ difference }: { difference: number }) {
  if (Math.abs(difference) < LEAST) {
    return <span class="soft">no change</span>;
  }
  const isUp = difference > 0;
  return (
    <span class={isUp ? "change gain" : "change loss"}>
      <span aria-hidden="true">{isUp ? "▲" : "▼"}</span>
      <span class="unseen">{isUp ? "up" : "down"} </span> {formatPoints(difference)} pts
    </span>
  );
}
