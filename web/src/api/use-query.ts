/** Reading in components: the data now, and every change from then on. */

import { useLayoutEffect, useReducer } from "preact/hooks";

import { entryOf, type Query, type Snapshot } from "./cache";

/** How old data may get where somebody watches it, in milliseconds. */
export const LIVE = 2_000;
export const CALM = 15_000;
export const SLOW = 60_000;

/** What is known of some queries, kept at most this old. */
export function useQueries<T>(queries: readonly Query<T>[], everyMs = CALM): readonly Snapshot<T>[] {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const keys = queries.map((query) => query.key).join("\n");
  const shown = queries.map((query) => entryOf(query).store.get());

  // Before the browser paints: what is asked for a frame earlier is there a frame earlier.
  useLayoutEffect(() => {
    const entries = queries.map(entryOf);
    const stops = entries.flatMap((entry) => [
      entry.store.subscribe(() => {
        redraw(undefined);
      }),
      entry.watch(everyMs),
    ]);
    if (entries.some((entry, index) => entry.store.get() !== shown[index])) {
      redraw(undefined);
    }
    return () => {
      for (const stop of stops) {
        stop();
      }
    };
    // The keys stand for the queries, which are made anew for each drawing, as is what was shown.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [keys, everyMs]);

  return shown;
}

/** What is known of a query, and a way to ask again. */
export interface Heard<T> extends Snapshot<T> {
  readonly retry: () => void;
}

/** What is known of a query, kept at most this old; nothing while there is no query. */
export function useQuery<T>(query: Query<T> | undefined, everyMs = CALM): Heard<T> {
  const [snapshot] = useQueries(query === undefined ? [] : [query], everyMs);
  const retry = () => {
    if (query !== undefined) {
      void entryOf(query).refresh();
    }
  };
  return { ...snapshot, retry };
}
