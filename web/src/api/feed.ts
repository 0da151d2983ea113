/**
 * Where the page learns that something may have changed. This is the seam for push channels: stream.ts is one, over `polling`
 * below. Whatever implements Feed and calls `changed` when a message arrives can take its place, and nothing else of the page
 * notices.
 */

export interface Feed {
  /**
   * Calls `changed` whenever the subject may have changed, until the returned function is called.
   *
   * @param subject the key of what is watched.
   * @param everyMs how old the data may get at most.
   */
  watch(subject: string, everyMs: number, changed: () => Promise<boolean>): () => void;
}

const SLOWEST_MS = 60_000;

/** Asks again and again while somebody looks, at once when they come back, and less and less often while it fails. */
export const polling: Feed = {
  watch(_, everyMs, changed) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = everyMs;
    let isOver = false;

    const schedule = () => {
      clearTimeout(timer);
      if (!isOver && !document.hidden) {
        timer = setTimeout(() => void ask(), wait);
      }
    };
    const ask = async () => {
      wait = (await changed()) ? everyMs : Math.min(wait * 2, SLOWEST_MS);
      schedule();
    };
    const askNow = () => {
      clearTimeout(timer);
      if (!document.hidden) {
        wait = everyMs;
        void ask();
      }
    };

    document.addEventListener("visibilitychange", askNow);
    window.addEventListener("online", askNow);
    schedule();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", askNow);
      window.removeEventListener("online", askNow);
    };
  },
};
