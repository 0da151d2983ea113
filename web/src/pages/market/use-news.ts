/** A market on show is followed, and what belongs to it keeps up with it. */

import { useEffect, useRef } from "preact/hooks";

import { invalidate } from "../../api/cache";
import { isFinal, type Market, marketKey } from "../../api/reads";
import { reachPosition } from "../../api/stream";

/** How long what is read of a market may trail behind it: indexes of the database, price histories, the edge. */
const TRAILING_MS = 5_000;

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
    if (seen.current === state) {
      return undefined;
    }
    seen.current = state;
    const readAgain = () => {
      invalidate(`${marketKey(slug)}/`, "/v1/portfolio");
    };
    readAgain();
    const timer = setTimeout(readAgain, TRAILING_MS); // nothing else would until the next change
    return () => {
      clearTimeout(timer);
    };
  }, [slug, state]);
}
