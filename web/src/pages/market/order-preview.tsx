/** What the order would do: every figure comes from the server's quote. */

import type { ComponentChildren } from "preact";

import type { Quote } from "../../api/commands";
import { isAbove, subtract } from "../../format/micros";
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
          <Fact key={terms.outcome} name={`Payout if ${terms.outcome}`}>
            <span class={quote === undefined ? "" : "gain"}>{of((q) => formatCredits(q.quantity))}</span>
          </Fact>
          <Fact name="Most you can lose">{of((q) => formatCost(q.amount))}</Fact>
        </>
      )}
      {quote !== undefined && terms.side === "buy" && isAlmostCertain(quote, terms.outcome) && (
        <div class="soft">
          <dt>A share costs almost what it pays: you can win</dt>
          <dd translate={false}>{formatCredits(subtract(quote.quantity, quote.amount))}</dd>
        </div>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt key={name} dir="auto">
        {name}
      </dt>
      <dd translate={false}>{children}</dd>
    </div>
  );
}

/** From here on hardly anything is left to win. */
const ALMOST_CERTAIN = "0.99";

/** Whether a purchase ends where a share costs almost what it pays. */
function isAlmostCertain({ prices_after }: Quote, outcome: string): boolean {
  return isAbove(prices_after[outcome] ?? "0", ALMOST_CERTAIN);
}
