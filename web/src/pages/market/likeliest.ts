/** In which order outcomes are shown: two as the market has them, more by how likely they are. */

import { useMemo } from "preact/hooks";

import type { Market } from "../../api/reads";

/** The indices of a market's outcomes, in the order to show them. */
export function likeliestFirst({ outcomes }: Pick<Market, "outcomes">): readonly number[] {
  const indices = outcomes.map((_, index) => index);
  return outcomes.length === 2
    ? indices
    : indices.sort((one, other) => Number(outcomes[other]?.price) - Number(outcomes[one]?.price));
}

/** That order as it was when the market was opened: nothing moves away under a finger. */
export function useSteadyOrder(market: Market): readonly number[] {
  // eslint-disable-next-line react-hooks/exhaustive-deps -- prices change, the order stays
  return useMemo(() => likeliestFirst(market), [market.slug]);
}
