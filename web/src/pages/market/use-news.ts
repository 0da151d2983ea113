/** A market on show is followed, and what belongs to it keeps up with it. */

import { useEffect, useRef } from "preact/hooks";

import { invalidate } from "../../api/cache";
import { isFinal, type Market, marketKey } from "../../api/reads";
import { reachPosition } from "../../api/stream";

/** Trades, holders, prices and one's own position change with the market: they are read again when it does, not before. */
export function useNews(market: Market): void {
  const { slug, version, status, position } = market;
  const mayGoOn = !isFinal(market);
  useEffect(() => {
    if (position > 0) {
      reachPosition(slug, position, mayGoOn);
    }
  }, [slug, position, mayGoOn]);

  const state = [slug, version, status].join(" ");
  const seen = useRef(state);
  useEffect(() => {
    if (seen.current !== state) {
      seen.current = state;
      invalidate(`${marketKey(slug)}/`, "/v1/portfolio");
    }
  }, [slug, state]);
}
