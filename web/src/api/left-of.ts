/** What somebody holds after a number of trades. */

import { fromMicros, toMicros } from "../format/micros";
import type { Trade } from "./reads";

/** Shares of one outcome. */
export interface Held {
  readonly slug: string;
  readonly outcome: string;
  readonly quantity: string;
}

/** What is left of all trades of an account, the market traded on last first; settlement is not among them. */
export function leftOf(trades: readonly Pick<Trade, "market" | "outcome" | "side" | "quantity">[]): readonly Held[] {
  const sums = new Map<string, { slug: string; outcome: string; micros: bigint }>();
  for (const { market: slug, outcome, side, quantity } of trades) {
    const key = JSON.stringify([slug, outcome]);
    const held = sums.get(key) ?? { slug, outcome, micros: 0n };
    const micros = toMicros(quantity);
    sums.set(key, { ...held, micros: held.micros + (side === "buy" ? micros : -micros) });
  }
  return [...sums.values()]
    .filter(({ micros }) => micros > 0n)
    .map(({ slug, outcome, micros }) => ({ slug, outcome, quantity: fromMicros(micros) }));
}
