/**
 * Where the page learns that something may have changed. This is the seam for push channels: stream.ts is one, over `polling`
 * below. Whatever implements Feed and calls `changed` when a message arrives can take its place, and nothing else of the page
 * notices.
 */

import { onWake } from "../platform/wake";

export interface Feed {
  /**
   * Calls `changed` whenever the subject may have changed, until the returned function is called.
   *
   * @param subject the key of what is watched.
   * @param everyMs how old the data may get at most.
   */
  watch(subject: string, everyMs: number, changed: () => Promise<boolean>): () => void;
}

/** A question that is asked again and again. */
export interface Questions {
  readonly askNow: () => void;
  readonly stop: () => void;
}

export const SLOWEST_MS = 60_000;

/**
 * Asks again and again while somebody looks, at once when they come back, and less and less often while it fails.
 *
 * @param waitMs how long to wait after an answer.
 * @param ask asks once; whether there was an answer.
 */
export function askAgain(waitMs: () => number, ask: () => Promise<boolean>): Questions {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isOver = false;

  const schedule = () => {
    clearTimeout(timer);
    if (!isOver && !document.hidden) {
      const wait = failures === 0 ? waitMs() : Math.min(waitMs() * 2 ** failures, SLOWEST_MS);
      timer = setTimeout(() => void askOnce(), wait);
    }
  };
  const askOnce = async () => {
    failures = (await ask()) ? 0 : failures + 1;
    schedule();
  };
  const askNow = () => {
    clearTimeout(timer);
    if (!isOver && !document.hidden) {
      failures = 0;
      void askOnce();
    }
  };

  document.addEventListener("visibilitychange", askNow);
  window.addEventListener("online", askNow);
  const forgetWake = onWake(askNow);
  schedule();
  return {
    askNow,
    stop() {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", askNow);
      window.removeEventListener("online", askNow);
      forgetWake();
    },
  };
}

/** Asks for each subject by itself. */
export const polling: Feed = {
  watch: (_, everyMs, changed) => askAgain(() => everyMs, changed).stop,
};
