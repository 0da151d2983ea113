/**
 * News of a market. Where the server streams events they arrive as they happen, and nothing of that market is asked for on
 * a schedule. Where it has no streams, which is so on AWS, one question stands for all: is there an event after the last
 * one that the page knows? While a stream is interrupted, everything is polled by itself.
 */

import { placed } from "../platform/place";
import { createStore } from "../store";
import { client } from "./client";
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
  readonly everyMs: number;
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
  /** Ends the question for events. */
  #stopAsking: (() => void) | undefined;

  constructor(slug: string) {
    this.#slug = slug;
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    if (!this.#isTold) {
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

  /** Learns how far the market is known. One that is over is not followed from then on, but to its end. */
  reach(position: number, mayGoOn: boolean): void {
    if (mayGoOn || this.#isTold) {
      this.#position = Math.max(this.#position ?? 0, position);
    }
    if (mayGoOn) {
      this.follow();
    }
  }

  /** Opens the stream where there is something to follow and somebody who looks. */
  follow(): void {
    const isWanted = [...this.#watchers].some(({ isMarket }) => isMarket) && !document.hidden;
    if (isWanted && this.#isRefused) {
      this.#askForEvents();
    }
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
        this.follow();
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

  /** Whether watchers hear of what happens, and need not ask themselves. */
  get #isTold(): boolean {
    return this.#isOpen || this.#stopAsking !== undefined;
  }

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
    this.#stopAsking?.();
    this.#stopAsking = undefined;
    this.#switch(false);
    this.#share();
  }

  #switch(isOpen: boolean): void {
    if (isOpen === this.#isOpen) {
      return;
    }
    const others = [...followed.get()].filter((slug) => slug !== this.#slug);
    followed.set(new Set(isOpen ? [...others, this.#slug] : others));
    this.#share();
  }

  /** Lets the watchers poll where nobody tells them, and not where somebody does. */
  #share(): void {
    for (const watcher of this.#watchers) {
      if (this.#isTold) {
        watcher.stopPolling?.();
        delete watcher.stopPolling;
      } else {
        watcher.stopPolling ??= watcher.poll();
      }
    }
  }

  /** Asks for the next event as often as the market is to be looked at. */
  #askForEvents(): void {
    if (this.#stopAsking === undefined && this.#position !== undefined) {
      const intervals = [...this.#watchers].filter(({ isMarket }) => isMarket).map(({ everyMs }) => everyMs);
      this.#stopAsking = polling.watch(this.#slug, Math.min(...intervals), () => this.#ask());
      this.#share();
    }
  }

  /**
   * Whether the question was answered. Everybody who knows as much asks for the same page, so the edge answers most of
   * them. The position stays what the market says: an answer of the edge that is older than the event is read once more.
   */
  async #ask(): Promise<boolean> {
    const query = { after: this.#position ?? 0, limit: 1 };
    try {
      const { data } = await client.GET("/v1/markets/{slug}/events", { params: { path: { slug: this.#slug }, query } });
      if (data !== undefined && data.events.length > 0) {
        this.#tell();
      }
      return data !== undefined;
    } catch {
      return false; // the next question tells whether there is a connection again
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

/** Tells how far a market is known, so that its stream can go on from there, and whether more may happen to it. */
export function reachPosition(slug: string, position: number, mayGoOn = true): void {
  streamOf(slug).reach(position, mayGoOn);
}

/** Streams what can be streamed, and polls everything else. */
export const live: Feed = {
  watch(subject, everyMs, changed) {
    const { slug, rest } = SUBJECT.exec(subject)?.groups ?? {};
    const poll = () => polling.watch(subject, everyMs, changed);
    return slug === undefined ? poll() : streamOf(slug).watch({ isMarket: rest === "?", everyMs, changed, poll });
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
