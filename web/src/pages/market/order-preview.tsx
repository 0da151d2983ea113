/** What the order would do: every figure comes from the server's quote. */

import type { ComponentChildren } from "preact";

import type { Quote } from "../../api/commands";
import { formatCost, formatCredits, formatFineChance, formatShares, formatUnitPrice } from "../../format/numbers";
import type { Terms } from "./order-terms";
import type { Preview } from "./use-preview";

const NOTHING = "–";

export function OrderPreview({ terms, preview }: { terms: Terms; preview: Preview }) {
  const { quote } = preview;
  const of = (figure: (quote: Quote) => string) => (quote === undefined ? NOTHING : figure(quote));
  const chance = (prices: Quote["prices_after"]) => formatFineChance(prices[terms.outcome] ?? 0);
  return (
    <dl class={preview.isCurrent ? "facts" : "facts facts-waiting"} aria-live="polite" aria-busy={!preview.isCurrent}>
      {terms.side === "buy" ? (
        <Fact name="Shares">{of((q) => formatShares(q.quantity))}</Fact>
      ) : (
        <Fact name="You receive">{of((q) => formatCredits(q.amount))}</Fact>
      )}
      <Fact name="Average price">{of((q) => formatUnitPrice(q.average_price))}</Fact>
      <Fact name="Chance">{of((q) => `${chance(q.prices_before)} → ${chance(q.prices_after)}`)}</Fact>
      {terms.side === "buy" && (
        <>
          <Fact name={`Payout if ${terms.outcome}`}>
            <span class={quote === undefined ? "" : "gain"}>{of((q) => formatCredits(q.quantity))}</span>
          </Fact>
          <Fact name="Most you can lose">{of((q) => formatCost(q.amount))}</Fact>
        </>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
