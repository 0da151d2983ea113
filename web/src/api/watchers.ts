/** Those who watch a market and what hangs below it: told of news where these are heard, left to poll where they are not. */

export interface Watcher {
  /** Whether it watches the market itself; what hangs below it is read again when that has changed. */
  readonly isMarket: boolean;
  readonly everyMs: number;
  readonly changed: () => Promise<boolean>;
  readonly poll: (everyMs: number) => () => void;
}

export class Watchers {
  /** Each with what stops its polling, where it polls. */
  readonly #watchers = new Map<Watcher, (() => void) | undefined>();

  add(watcher: Watcher): void {
    this.#watchers.set(watcher, undefined);
  }

  remove(watcher: Watcher): void {
    this.#watchers.get(watcher)?.();
    this.#watchers.delete(watcher);
  }

  /** Whether anybody watches the market itself. */
  get isMarketWatched(): boolean {
    return [...this.#watchers.keys()].some(({ isMarket }) => isMarket);
  }

  /** How old the market may get for those who watch it, in milliseconds. */
  get everyMs(): number {
    return Math.min(...[...this.#watchers.keys()].filter(({ isMarket }) => isMarket).map(({ everyMs }) => everyMs));
  }

  /** Has the market read again; what hangs below it follows. */
  tell(): void {
    for (const { isMarket, changed } of this.#watchers.keys()) {
      if (isMarket) {
        void changed();
      }
    }
  }

  /** Lets them poll where they do not yet, each at its own pace but no faster than this. */
  letPoll(atLeastMs = 0): void {
    for (const [watcher, stop] of this.#watchers) {
      if (stop === undefined) {
        this.#watchers.set(watcher, watcher.poll(Math.max(watcher.everyMs, atLeastMs)));
      }
    }
  }

  stopPolling(): void {
    for (const [watcher, stop] of this.#watchers) {
      stop?.();
      this.#watchers.set(watcher, undefined);
    }
  }
}
