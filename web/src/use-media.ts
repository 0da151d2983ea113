/** What the screen is like, for what styles alone cannot say. */

import { useEffect, useState } from "preact/hooks";

/** A screen that one hand holds; the same as in the styles. */
export const PHONE = "(width < 48rem)";

/** Whether a media query holds, now and whenever that changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => {
      setHolds(list.matches);
    };
    update();
    list.addEventListener("change", update);
    return () => {
      list.removeEventListener("change", update);
    };
  }, [query]);
  return holds;
}
