/** On a phone the outcomes stay at the lower edge; a tap on one opens the sheet to trade it in. */

import { useState } from "preact/hooks";

import { outcomeStyle } from "../../chart/palette";
import { Dialog } from "../../components/dialog";
import { dropDraft, keepDraft } from "../../session/drafts";
import { formatChance } from "../../format/numbers";
import { useSteadyOrder } from "./likeliest";
import { TradePanel, type TradePanelProps } from "./trade-panel";
import { draftedOutcome, tradeDraft, useInterruptedOrder } from "./use-interrupted-order";

export function TradeBar(props: TradePanelProps) {
  const { market } = props;
  const order = useSteadyOrder(market);
  const interrupted = useInterruptedOrder(market.slug);
  const [opened, setOpened] = useState(interrupted?.outcome ?? draftedOutcome(market.slug));
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
                keepDraft(tradeDraft(market.slug), { outcome: name });
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
            dropDraft(tradeDraft(market.slug)); // who closes it has given up
            setOpened(undefined);
          }}
        >
          <TradePanel {...props} outcome={opened} />
        </Dialog>
      )}
    </>
  );
}
