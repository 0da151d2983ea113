/**
 * News of a market. Where the server streams events they arrive as they happen, and nothing of that market is asked for on
 * a schedule; where it has no streams, one question stands for all (event-questions.ts). While a stream is interrupted,
 * everything is polled by itself.
 */

import { placed } from "../platform/place";
import { onWake } from "../platform/wake";
import { createStore } from "../store";
import { connection } from "./connection";
import { EventQuestions } from "./event-questions";
import { type Feed, polling, SLOWEST_MS } from "./feed";
import { fetchInTime } from "./transport";

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
/** Answers of a server that has no streams, or none for a page, which shows no credential there. */
const NO_STREAMS = [401, 403, 404, 405];
/** How long a stream that was refused for another reason is left alone, the first time. */
const REFUSED_MS = 5_000;
/** When to look whether a server that a request has not reached is there after all. */
const PROBE_MS = 2_000;

/** The markets that are followed as they happen. */
export const followed = createStore<ReadonlySet<string>>(new Set());

/** Whether the server has said that it has no streams; it will not have them as long as this page is open. */
let hasStreams = true;

interface Watcher {
  /** Whether it watches the market itself; what hangs below it is read again when that has changed. */
  readonly isMarket: boolean;
  readonly everyMs: number;
  readonly changed: () => Promise<boolean>;
  readonly poll: (everyMs: number) => () => void;
  stopPolling?: () => void;
}

class MarketStream {
  readonly #slug: string;
  readonly #watchers = new Set<Watcher>();
  readonly #questions: EventQuestions;
  #source: EventSource | undefined;
  /** Of the last event that is known; undefined where the server has no events. */
  #position: number | undefined;
  /** How often in a row the stream was refused. */
  #refusals = 0;
  /** Ends the time for which a stream that was refused is left alone. */
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** Whether nothing more will happen to the market. */
  #isOver = false;

  constructor(slug: string) {
    this.#slug = slug;
    this.#questions = new EventQuestions({
      slug,
      position: () => this.#position ?? 0,
      everyMs: () => Math.min(...[...this.#watchers].filter(({ isMarket }) => isMarket).map(({ everyMs }) => everyMs)),
      onNews: () => {
        this.#tell();
      },
      onLive: (isLive) => {
        this.#switch(isLive);
      },
    });
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    this.#share();
    this.follow();
    return () => {
      this.#watchers.delete(watcher);
      watcher.stopPolling?.();
      if (!this.#isWatched) {
        this.pause();
      }
    };
  }

  /** Learns how far the market is known. One that is over is not followed, and looked at now and then for its comments. */
  reach(position: number, mayGoOn: boolean): void {
    this.#position = Math.max(this.#position ?? 0, position);
    if (mayGoOn) {
      this.follow();
    } else if (!this.#isOver) {
      this.#isOver = true;
      this.pause();
      for (const watcher of this.#watchers) {
        watcher.stopPolling?.();
        delete watcher.stopPolling;
      }
      this.#share();
    }
  }

  /** Listens where there is something to follow and somebody who looks. */
  follow(): void {
    if (this.#isOver || !this.#isWatched || document.hidden || this.#position === undefined) {
      return;
    }
    if (!hasStreams) {
      this.#askForEvents();
      this.#questions.listen();
    } else if (this.#source === undefined && this.#rest === undefined) {
      this.#open(this.#position);
    }
  }

  /** Leaves it to polling, which does nothing either while nobody looks. */
  pause(): void {
    this.#source?.close();
    this.#source = undefined;
    clearTimeout(this.#rest);
    this.#rest = undefined;
    this.#questions.stop();
    this.#switch(false);
    this.#share();
  }

  /** Begins anew after the last event that is known: what was open may be lost without anybody having said so. */
  resume(): void {
    this.pause();
    this.follow();
  }

  /** Reads the market again where nobody else would ask, and so find out that the server can be reached. */
  probe(): void {
    if (this.#isShownLive) {
      this.#tell();
    }
  }

  get #isWatched(): boolean {
    return [...this.#watchers].some(({ isMarket }) => isMarket);
  }

  get #isShownLive(): boolean {
    return followed.get().has(this.#slug);
  }

  /** Whether watchers hear of what happens, and need not ask themselves. */
  get #isTold(): boolean {
    return this.#isShownLive || this.#questions.isAsking;
  }

  #open(after: number): void {
    const source = new EventSource(placed(`/v1/markets/${this.#slug}/stream?after=${after}`));
    this.#source = source;
    source.addEventListener("open", () => {
      this.#refusals = 0;
      connection.set("online"); // nobody else asks from now on, and could say so
      this.#switch(true);
      this.#questions.stop();
    });
    source.addEventListener("error", () => {
      if (source === this.#source) {
        this.#switch(false); // it comes back by itself, and goes on after the last event
        if (source.readyState === EventSource.CLOSED) {
          this.#refuse();
        }
      }
    });
    for (const type of TYPES) {
      source.addEventListener(type, (event: MessageEvent<unknown>) => {
        this.#position = Math.max(this.#position ?? 0, Number(event.lastEventId) || 0);
        this.#tell();
      });
    }
  }

  /** Goes on without the stream, which will not come back by itself, and finds out whether to try it again. */
  #refuse(): void {
    this.#source = undefined;
    this.#askForEvents();
    const rest = Math.min(REFUSED_MS * 2 ** this.#refusals++, SLOWEST_MS);
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      this.follow();
    }, rest);
    void this.#findOut();
  }

  /** An EventSource does not say why it was refused. A server, or a proxy before one, that is being restarted is no reason. */
  async #findOut(): Promise<void> {
    const request = new Request(placed(`/v1/markets/${this.#slug}/stream`), { method: "HEAD" });
    const status = await fetchInTime(request).then(
      (response) => response.status,
      () => undefined,
    );
    if (status !== undefined && NO_STREAMS.includes(status)) {
      hasStreams = false;
      forEach((stream) => {
        stream.follow();
      });
    }
  }

  /** Notes whether what happens is heard of as it happens. */
  #switch(isLive: boolean): void {
    if (isLive === this.#isShownLive) {
      return;
    }
    const others = [...followed.get()].filter((slug) => slug !== this.#slug);
    followed.set(new Set(isLive ? [...others, this.#slug] : others));
    this.#share();
  }

  /** Lets the watchers poll where nobody tells them, and not where somebody does. */
  #share(): void {
    for (const watcher of this.#watchers) {
      if (this.#isTold) {
        watcher.stopPolling?.();
        delete watcher.stopPolling;
      } else {
        watcher.stopPolling ??= watcher.poll(this.#isOver ? Math.max(watcher.everyMs, SLOWEST_MS) : watcher.everyMs);
      }
    }
  }

  #askForEvents(): void {
    this.#questions.ask();
    this.#share();
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
    const poll = (atMostMs: number) => polling.watch(subject, atMostMs, changed);
    return slug === undefined
      ? poll(everyMs)
      : streamOf(slug).watch({ isMarket: rest === "?", everyMs, changed, poll });
  },
};

function forEach(act: (stream: MarketStream) => void): void {
  for (const stream of streams.values()) {
    act(stream);
  }
}

let probe: ReturnType<typeof setTimeout> | undefined;

connection.subscribe(() => {
  clearTimeout(probe);
  if (connection.get() === "unreachable") {
    probe = setTimeout(() => {
      forEach((stream) => {
        stream.probe();
      });
    }, PROBE_MS);
  }
});

if (typeof document !== "undefined") {
  document.addEventListener("visibilitychange", () => {
    forEach((stream) => {
      if (document.hidden) {
        stream.pause();
      } else {
        stream.follow();
      }
    });
  });
  // What is open stays open for minutes after a network is gone, and says nothing.
  window.addEventListener("offline", () => {
    forEach((stream) => {
      stream.pause();
    });
  });
  const resume = () => {
    forEach((stream) => {
      stream.resume();
    });
  };
  window.addEventListener("online", resume);
  onWake(resume);
}
