/** Which outcome to trade: each with its chance, in its colour; of many the likeliest first. */

import { useEffect, useId, useRef } from "preact/hooks";

import type { Market } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { formatChance } from "../../format/numbers";
import { useSteadyOrder } from "./likeliest";

interface OutcomePickerProps {
  market: Market;
  value: string;
  onChange: (outcome: string) => void;
}

export function OutcomePicker({ market, value, onChange }: OutcomePickerProps) {
  const group = useId();
  const list = useRef<HTMLDivElement>(null);
  const order = useSteadyOrder(market);

  useEffect(() => {
    // Afterwards: a dialog around it opens after this effect, and has no size until then.
    const frame = requestAnimationFrame(() => {
      showChosen(list.current);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, []);

  return (
    <fieldset>
      <legend class="unseen">Outcome</legend>
      <div ref={list} class={market.outcomes.length === 2 ? "outcomes outcomes-two" : "outcomes"}>
        {order.map((index) => {
          const { name = "", price = "0" } = market.outcomes[index] ?? {};
          return (
            <label key={name} class="outcome" style={outcomeStyle(index, market.outcomes.length)}>
              <input
                type="radio"
                name={group}
                checked={name === value}
                onChange={() => {
                  onChange(name);
                }}
              />
              <span class="outcome-name" dir="auto">
                {name}
              </span>
              <span class="outcome-chance chance" translate={false}>
                {formatChance(price)}
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

/** Scrolls the list alone, and not the page, to what is chosen. */
function showChosen(list: HTMLElement | null): void {
  const chosen = list?.querySelector("input:checked")?.parentElement;
  if (list !== null && chosen instanceof HTMLElement) {
    list.scrollTop = chosen.offsetTop - list.offsetTop - (list.clientHeight - chosen.offsetHeight) / 2;
  }
}
