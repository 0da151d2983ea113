/** How far a price has moved, in percentage points: by sign, colour and words, and since when. */

import { formatPoints } from "../format/numbers";
import { Live, Words } from "./live";

const LEAST = 0.0005;

/** @param over the time in which it moved, as it ends a sentence: "in a day"; left out where a heading says it. */
export function Change({ difference, over }: { difference: number; over?: string }) {
  if (Math.abs(difference) < LEAST) {
    return <Words class="soft">{over === undefined ? "no change" : `no change ${over}`}</Words>;
  }
  const isUp = difference > 0;
  return (
    <span class={isUp ? "change gain" : "change loss"}>
      <span aria-hidden="true" translate={false}>
        {isUp ? "▲" : "▼"}
      </span>
      <Words class="unseen">{isUp ? "up " : "down "}</Words> <Live>{formatPoints(difference)}</Live> pts
      {over !== undefined && <Words class="soft change-over">{` ${over}`}</Words>}
    </span>
  );
}
