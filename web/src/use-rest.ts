/** What is out of sight when the page begins: it is drawn once what is in sight can be used. */

import { useEffect, useState } from "preact/hooks";

/** How long what is in sight has the browser to itself, in milliseconds. */
const ALONE_MS = 100;

/** Only the beginning is in a hurry: whoever comes back to a page finds all of it, and the place where they were. */
let hasBegun = false;

/**
 * Whether the rest is wanted by now.
 *
 * @param isThere whether what is in sight is on show.
 */
export function useRest(isThere: boolean): boolean {
  const [isWanted, setWanted] = useState(hasBegun);
  useEffect(() => {
    if (!isThere || isWanted) {
      return undefined;
    }
    const timer = setTimeout(() => {
      hasBegun = true;
      setWanted(true);
    }, ALONE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [isThere, isWanted]);
  return isWanted;
}
