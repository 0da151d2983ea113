/** All outcomes' chances beside one another, each as wide as it is likely. */

import type { Market } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";

export function ChanceBar({ outcomes }: { outcomes: Market["outcomes"] }) {
  return (
    <span class="chance-bar" aria-hidden="true">
      {outcomes.map((outcome, index) => (
        <span key={outcome.name} style={{ ...outcomeStyle(index, outcomes.length), flexGrow: outcome.price }} />
      ))}
    </span>
  );
}
