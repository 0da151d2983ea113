/** On a phone the outcomes stay at the lower edge; a tap on one opens the sheet to trade it in. */

import { useState } from "preact/hooks";

import { outcomeStyle } from "../../chart/palette";
import { Dialog } from "../../components/dialog";
import { formatChance } from "../../format/numbers";
import { useSteadyOrder } from "./likeliest";
import { TradePanel, type TradePanelProps } from "./trade-panel";
import { useInterruptedOrder } from "./use-interrupted-order";

export function TradeBar(props: TradePanelProps) {
  const { market } = props;
  const order = useSteadyOrder(market);
  const interrupted = useInterruptedOrder(market.slug);
  const [opened, setOpened] = useState(interrupted?.outcome);
  return (
    <>
      <div
        class={market.outcomes.length === 2 ? "trade-bar" : "trade-bar trade-bar-many"}
        role="group"
        aria-label="Trade"
      >
        {order.map((index) => {
          const { name = "", price = "0" } = market.outcomes[index] ?? {};
          return (
            <button
              key={name}
              type="button"
              class="button button-outcome trade-bar-outcome"
              style={outcomeStyle(index, market.outcomes.length)}
              onClick={() => {
                setOpened(name);
              }}
            >
              <span class="trade-bar-name" dir="auto">
                {name}
              </span>{" "}
              <span class="chance" translate={false}>
                {formatChance(price)}
              </span>
            </button>
          );
        })}
      </div>
      {opened !== undefined && (
        <Dialog
          title="Trade"
          isSheet
          onClose={() => {
            setOpened(undefined);
          }}
        >
          <TradePanel {...props} outcome={opened} />
        </Dialog>
      )}
    </>
  );
}
