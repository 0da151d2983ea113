/** Loading the code of a page, which may fail as anything that comes over the network may, and comes back. */

import { connection } from "../api/connection";

/** How long to wait before loading again, in milliseconds, time after time. */
const PAUSES_MS = [1_000, 5_000, 15_000, 60_000];

/** What a page was loaded from is gone where a newer one is served by now: only a whole new page helps. */
export function reloadPage(): void {
  location.reload();
}

/**
 * Loads something until that works.
 *
 * @param load fails by throwing.
 * @param loaded is told what was loaded.
 * @param failed is told each time that it did not work.
 * @returns stops it.
 */
export function loadUntilDone<T>(load: () => Promise<T>, loaded: (what: T) => void, failed: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let isLoading = false;
  let attempts = 0;

  const attempt = async () => {
    clearTimeout(timer);
    if (isOver || isLoading) {
      return;
    }
    isLoading = true;
    const outcome = await load().then(
      (what) => ({ what }),
      () => undefined,
    );
    isLoading = false;
    if (isOver as boolean) {
      return;
    }
    if (outcome !== undefined) {
      stop();
      loaded(outcome.what);
      return;
    }
    failed();
    timer = setTimeout(() => void attempt(), PAUSES_MS[Math.min(attempts++, PAUSES_MS.length - 1)]);
  };

  const attemptAgain = () => void attempt();
  const unsubscribe = connection.subscribe(() => {
    if (connection.get() === "online" && attempts > 0) {
      attemptAgain();
    }
  });
  window.addEventListener("online", attemptAgain);
  const stop = () => {
    isOver = true;
    clearTimeout(timer);
    unsubscribe();
    window.removeEventListener("online", attemptAgain);
  };
  attemptAgain();
  return stop;
}
