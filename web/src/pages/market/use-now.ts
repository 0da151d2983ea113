/** The time, again and again while something counts down. */

import { useEffect, useState } from "preact/hooks";

import { now } from "../../platform/clock";

/** Milliseconds since 1970, renewed so often; not at all without an interval. */
export function useNow(everyMs: number | undefined): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    if (everyMs === undefined) {
      return;
    }
    const timer = setInterval(() => {
      setTime(now());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [everyMs]);
  return time;
}
