/** How far a price has moved, in percentage points: by sign, colour and words, and since when. */

import { formatPoints } from "../format/numbers";

const LEAST = 0.0005;

/** @param over the time in which it moved, as it ends a sentence: "in a day"; left out where a heading says it. */
export function Change({ difference, over }: { difference: number; over?: string }) {
  if (Math.abs(difference) < LEAST) {
    return <span class="soft">no change{over !== undefined && ` ${over}`}</span>;
  }
  const isUp = difference > 0;
  return (
    <span class={isUp ? "change gain" : "change loss"}>
      <span aria-hidden="true">{isUp ? "▲" : "▼"}</span>
      <span class="unseen">{isUp ? "up" : "down"} </span> {formatPoints(difference)} pts
      {over !== undefined && <span class="soft change-over"> {over}</span>}
    </span>
  );
}
