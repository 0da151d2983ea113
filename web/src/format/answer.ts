/** What became of a market: its answer takes the place of prices, which were only ever the last ones. */

import type { Market } from "../api/reads";
import { formatPayoutRate } from "./numbers";

export interface Answer {
  readonly words: string;
  /** Which outcome happened; undefined where it is not exactly one. */
  readonly outcome: number | undefined;
}

/** The answer of a market; undefined while it is not decided. */
export function answerOf({ resolution, outcomes }: Pick<Market, "resolution" | "outcomes">): Answer | undefined {
  if (resolution === null) {
    return undefined;
  }
  const { payouts } = resolution;
  if (payouts === null) {
    return { words: "Voided", outcome: undefined };
  }
  const rates = outcomes.map(({ name }) => payouts[name] ?? "0");
  const winner = rates.findIndex((rate) => Number(rate) === 1);
  if (winner >= 0) {
    return { words: outcomes[winner]?.name ?? "", outcome: winner };
  }
  const parts = outcomes.map(({ name }, index) => `${name} ${formatPayoutRate(rates[index] ?? "0")}`);
  return { words: parts.filter((_, index) => Number(rates[index]) > 0).join(" · "), outcome: undefined };
}
