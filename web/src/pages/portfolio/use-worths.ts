/** What the reader's positions are worth: in markets that are decided what they pay, whatever the last price was. */

import { sum } from "../../format/micros";
import { isDecided, marketQuery, type Position, worthOf } from "../../api/reads";
import { SLOW, useQueries } from "../../api/use-query";

/** A position, with what it would bring; undefined where nobody knows. */
export interface Valued {
  readonly position: Position;
  readonly worth: string | undefined;
}

export function useWorths(positions: readonly Position[]): readonly Valued[] {
  const decided = [...new Set(positions.filter(isDecided).map(({ market }) => market))];
  const markets = useQueries(decided.map(marketQuery), SLOW);
  return positions.map((position) => {
    const place = decided.indexOf(position.market);
    const market = markets[place]?.data;
    return { position, worth: place < 0 ? worthOf(position) : market && worthOf(position, market.resolution) };
  });
}

/** What the reader has in markets. What nobody knows the worth of counts as what was put into it. */
export function worthOfAll(valued: readonly Valued[]): string {
  return sum(valued.map(({ position, worth }) => worth ?? position.spent));
}
