/** What a resolution would pay to whom, exactly as the settlement will. */

import type { Holder, Market } from "../../api/reads";
import { parseAmount } from "../../format/amount-input";
import { isAbove, payout, sum } from "../../format/micros";

/** What one share of each outcome pays. */
export type Payouts = Readonly<Record<string, string>>;

const WHOLE = "1.000000";
const NOTHING = "0.000000";

export function allOn(market: Market, winner: string): Payouts {
  return Object.fromEntries(market.outcomes.map(({ name }) => [name, name === winner ? WHOLE : NOTHING]));
}

/** The payouts that somebody has typed; undefined unless they are amounts that add up to exactly one. */
export function typedPayouts(
  market: { readonly outcomes: readonly { readonly name: string }[] },
  typed: Readonly<Record<string, string>>,
): Payouts | undefined {
  // An outcome may be called as something that every object has.
  const rates = market.outcomes.map(
    ({ name }) => [name, parseAmount(Object.hasOwn(typed, name) ? (typed[name] ?? "") : "0")] as const,
  );
  if (!rates.every((entry): entry is readonly [string, string] => entry[1] !== undefined)) {
    return undefined;
  }
  return sum(rates.map(([, rate]) => rate)) === WHOLE ? Object.fromEntries(rates) : undefined;
}

export interface Payee {
  readonly account: string;
  readonly amount: string;
}

/** Who gets how much, the largest first; those who get nothing are there too. */
export function payees(holders: readonly Holder[], payouts: Payouts): readonly Payee[] {
  const byAccount = new Map<string, Holder[]>();
  for (const holder of holders) {
    byAccount.set(holder.account, [...(byAccount.get(holder.account) ?? []), holder]);
  }
  const paid = [...byAccount].map(([account, held]) => ({
    account,
    amount: payout(held.map(({ outcome, quantity }) => ({ quantity, rate: payouts[outcome] ?? NOTHING }))),
  }));
  return paid.sort((one, other) => (isAbove(one.amount, other.amount) ? -1 : 1));
}

export function total(payees: readonly Payee[]): string {
  return sum(payees.map(({ amount }) => amount));
}
