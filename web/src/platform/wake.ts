/** Waking up: a machine that has slept lets timers stand still, and connections be lost without a word. */

/** Between two looks at the clock. */
const LOOK_MS = 5_000;
/** How much later than it should be a look may come on a machine that is only busy. */
const LATE_MS = 10_000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let lookedAt = 0;

/** Calls the listener when the machine has slept while the page was on show, until the returned function is called. */
export function onWake(listener: () => void): () => void {
  listeners.add(listener);
  attend();
  return () => {
    listeners.delete(listener);
    attend();
  };
}

/** Looks at the clock while somebody wants to know and the page is on show; timers of hidden pages are late anyway. */
function attend(): void {
  clearInterval(timer);
  timer = undefined;
  if (listeners.size > 0 && !document.hidden) {
    lookedAt = Date.now();
    timer = setInterval(look, LOOK_MS);
  }
}

function look(): void {
  const late = Date.now() - lookedAt - LOOK_MS;
  lookedAt = Date.now();
  if (late > LATE_MS) {
    for (const listener of [...listeners]) {
      listener();
    }
  }
}

if (typeof document !== "undefined") {
  document.addEventListener("visibilitychange", attend);
}
