/** Which outcome to trade: each with its chance, in its colour. */

import { useId } from "preact/hooks";

import type { Market } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { formatChance } from "../../format/numbers";

interface OutcomePickerProps {
  market: Market;
  value: string;
  onChange: (outcome: string) => void;
}

export function OutcomePicker({ market, value, onChange }: OutcomePickerProps) {
  const group = useId();
  return (
    <fieldset>
      <legend class="unseen">Outcome</legend>
      <div class={market.outcomes.length === 2 ? "outcomes outcomes-two" : "outcomes"}>
        {market.outcomes.map((outcome, index) => (
          <label key={outcome.name} class="outcome" style={outcomeStyle(index, market.outcomes.length)}>
            <input
              type="radio"
              name={group}
              checked={outcome.name === value}
              onChange={() => {
                onChange(outcome.name);
              }}
            />
            <span class="outcome-name">{outcome.name}</span>
            <span class="outcome-chance">{formatChance(outcome.price)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
