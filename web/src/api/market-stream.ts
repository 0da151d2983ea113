/**
 * The news of one market. Where the server streams events they arrive as they happen, and nothing of the market is asked for
 * on a schedule; where it has no streams, one question stands for all (event-questions.ts). While a stream is interrupted,
 * everything is polled by itself.
 */

import { placed } from "../platform/place";
import { createStore } from "../store";
import { connection } from "./connection";
import { EventQuestions } from "./event-questions";
import { SLOWEST_MS } from "./feed";
import { fetchInTime } from "./transport";
import { type Watcher, Watchers } from "./watchers";

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
/** Answers of a server that has no streams, or none for a page, which shows no credential there. */
const NO_STREAMS = [401, 403, 404, 405];
/** How long a stream that was refused for another reason is left alone, the first time. */
const REFUSED_MS = 5_000;

/** The markets that are followed as they happen. */
export const followed = createStore<ReadonlySet<string>>(new Set());

/** Whether the server has said that it has no streams; it will not have them as long as this page is open. */
let hasStreams = true;

export class MarketStream {
  readonly #slug: string;
  readonly #watchers = new Watchers();
  readonly #onNoStreams: () => void;
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

  /**
   * @param slug the market's.
   * @param onNoStreams is called once the server has said that it has no streams.
   */
  constructor(slug: string, onNoStreams: () => void) {
    this.#slug = slug;
    this.#onNoStreams = onNoStreams;
    this.#questions = new EventQuestions({
      slug,
      position: () => this.#position ?? 0,
      everyMs: () => this.#watchers.everyMs,
      onNews: () => {
        this.#watchers.tell();
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
      this.#watchers.remove(watcher);
      if (!this.#watchers.isMarketWatched) {
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
      this.#watchers.stopPolling(); // and begin again, slowly
      this.#share();
    }
  }

  /** Listens where there is something to follow and somebody who looks. */
  follow(): void {
    if (this.#isOver || !this.#watchers.isMarketWatched || document.hidden || this.#position === undefined) {
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
      this.#watchers.tell();
    }
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
        this.#watchers.tell();
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
      this.#onNoStreams();
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
    if (this.#isTold) {
      this.#watchers.stopPolling();
    } else {
      this.#watchers.letPoll(this.#isOver ? SLOWEST_MS : 0);
    }
  }

  #askForEvents(): void {
    this.#questions.ask();
    this.#share();
  }
}
