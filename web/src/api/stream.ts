/**
 * News of a market as it happens, where the server streams its events: nothing of that market is asked for on a schedule
 * then. Without a stream, and while one is interrupted, polling goes on as ever.
 */

import { placed } from "../platform/place";
import { createStore } from "../store";
import { type Feed, polling } from "./feed";

/** What an event of a market may be; EventSource names each. */
const TYPES = [
  "trade",
  "market.published",
  "market.closed",
  "market.reopened",
  "market.clarified",
  "market.resolving",
  "market.withdrawn",
  "market.resolved",
  "market.voided",
];
const SUBJECT = /^\/v1\/markets\/(?<slug>[^/?]+)(?<rest>[/?])/;

/** The markets that are followed as they happen. */
export const followed = createStore<ReadonlySet<string>>(new Set());

interface Watcher {
  /** Whether it watches the market itself; what hangs below it is read again when that has changed. */
  readonly isMarket: boolean;
  readonly changed: () => Promise<boolean>;
  readonly poll: () => () => void;
  stopPolling?: () => void;
}

class MarketStream {
  readonly #slug: string;
  readonly #watchers = new Set<Watcher>();
  #source: EventSource | undefined;
  /** Of the last event that is known; undefined where the server has no events. */
  #position: number | undefined;
  #isRefused = false;

  constructor(slug: string) {
    this.#slug = slug;
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    if (!this.#isOpen) {
      watcher.stopPolling = watcher.poll();
    }
    this.follow();
    return () => {
      this.#watchers.delete(watcher);
      watcher.stopPolling?.();
      if (![...this.#watchers].some(({ isMarket }) => isMarket)) {
        this.#close();
      }
    };
  }

  /** Learns how far the market is known. */
  reach(position: number): void {
    this.#position = Math.max(this.#position ?? 0, position);
    this.follow();
  }

  /** Opens the stream where there is something to follow and somebody who looks. */
  follow(): void {
    const isWanted = [...this.#watchers].some(({ isMarket }) => isMarket) && !document.hidden;
    if (!isWanted || this.#isRefused || this.#source !== undefined || this.#position === undefined) {
      return;
    }
    const source = new EventSource(placed(`/v1/markets/${this.#slug}/stream?after=${this.#position}`));
    this.#source = source;
    source.addEventListener("open", () => {
      this.#switch(true);
    });
    source.addEventListener("error", () => {
      this.#isRefused = source.readyState === EventSource.CLOSED;
      if (this.#isRefused) {
        this.#close();
      } else {
        this.#switch(false); // it comes back by itself, and goes on after the last event
      }
    });
    for (const type of TYPES) {
      source.addEventListener(type, (event: MessageEvent<unknown>) => {
        this.#position = Math.max(this.#position ?? 0, Number(event.lastEventId) || 0);
        this.#tell();
      });
    }
  }

  /** Leaves it to polling, which does nothing either while nobody looks. */
  pause(): void {
    this.#close();
  }

  get #isOpen(): boolean {
    return followed.get().has(this.#slug);
  }

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
    this.#switch(false);
  }

  #switch(isOpen: boolean): void {
    if (isOpen === this.#isOpen) {
      return;
    }
    const others = [...followed.get()].filter((slug) => slug !== this.#slug);
    followed.set(new Set(isOpen ? [...others, this.#slug] : others));
    for (const watcher of this.#watchers) {
      watcher.stopPolling?.();
      delete watcher.stopPolling;
      if (!isOpen) {
        watcher.stopPolling = watcher.poll();
      }
    }
  }

  #tell(): void {
    for (const { isMarket, changed } of this.#watchers) {
      if (isMarket) {
        void changed();
      }
    }
  }
}

const streams = new Map<string, MarketStream>();

function streamOf(slug: string): MarketStream {
  const stream = streams.get(slug) ?? new MarketStream(slug);
  streams.set(slug, stream);
  return stream;
}

/** Tells how far a market is known, so that its stream can go on from there. */
export function reachPosition(slug: string, position: number): void {
  streamOf(slug).reach(position);
}

/** Streams what can be streamed, and polls everything else. */
export const live: Feed = {
  watch(subject, everyMs, changed) {
    const { slug, rest } = SUBJECT.exec(subject)?.groups ?? {};
    const poll = () => polling.watch(subject, everyMs, changed);
    return slug === undefined ? poll() : streamOf(slug).watch({ isMarket: rest === "?", changed, poll });
  },
};

if (typeof document !== "undefined") {
  document.addEventListener("visibilitychange", () => {
    for (const stream of streams.values()) {
      if (document.hidden) {
        stream.pause();
      } else {
        stream.follow();
      }
    }
  });
}
