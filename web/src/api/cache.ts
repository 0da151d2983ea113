/** What has been read, shared by all who show it: one entry for each query, asked for again with its entity tag. */

import { elapsed } from "../platform/clock";
import { createStore, type Store } from "../store";
import { type Answer, answerOf } from "./client";
import { type Problem, problemOf, problemOfFailure } from "./problem";
import { live } from "./stream";

/** Headers of a conditional read. */
export interface ReadOptions {
  headers?: { "If-None-Match": string };
}

/** Something to read; the key names it and all its parameters. */
export interface Query<T> {
  readonly key: string;
  readonly read: (options: ReadOptions) => Promise<Answer<T>>;
}

/** What is known of a query: data, the newest problem, or nothing yet. Old data stays beside a problem. */
export interface Snapshot<T> {
  readonly data?: T;
  readonly problem?: Problem;
}

/** How long what failed is not asked for again by who only comes to look at it, in milliseconds. */
const AGAIN_MS = 1_000;

export class Entry<T> {
  readonly store: Store<Snapshot<T>> = createStore<Snapshot<T>>({});
  readonly #query: Query<T>;
  readonly #watchers = new Map<symbol, number>();
  #tag: string | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #generation = 0;
  #reading: Promise<boolean> | undefined;
  #isOutdated = false;
  #stopFeed: (() => void) | undefined;

  constructor(query: Query<T>) {
    this.#query = query;
  }

  /** Keeps the data at most this old until the returned function is called. */
  watch(everyMs: number): () => void {
    const watcher = Symbol(this.#query.key);
    this.#watchers.set(watcher, everyMs);
    const isFailing = elapsed() - this.#failedAt < AGAIN_MS;
    if (elapsed() - this.#readAt > everyMs && this.#reading === undefined && !isFailing) {
      void this.refresh();
    }
    this.#follow();
    return () => {
      this.#watchers.delete(watcher);
      this.#follow();
    };
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Reads it again; whether that worked. What was asked for before this call is not good enough: it is read once more. */
  refresh(): Promise<boolean> {
    this.#isOutdated = true;
    this.#reading ??= this.#readUntilCurrent().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Forgets everything: the next answer is for somebody else. */
  forget(): void {
    this.#generation++;
    this.#tag = undefined;
    this.#readAt = Number.NEGATIVE_INFINITY;
    this.#failedAt = Number.NEGATIVE_INFINITY;
    this.store.set({});
  }

  async #readUntilCurrent(): Promise<boolean> {
    let isRead = false;
    while (this.#isOutdated) {
      this.#isOutdated = false;
      isRead = await this.#read();
    }
    return isRead;
  }

  async #read(): Promise<boolean> {
    const generation = this.#generation;
    const headers = this.#tag === undefined ? {} : { headers: { "If-None-Match": this.#tag } };
    try {
      const answer = await answerOf(this.#query.read(headers));
      if (generation === this.#generation) {
        this.#take(answer);
      }
      return true;
    } catch (failure) {
      const problem = problemOfFailure(failure);
      if (generation === this.#generation) {
        this.#failedAt = elapsed();
        this.#complain(problem);
      }
      return false;
    }
  }

  /** Shows a problem, beside what was read before unless that is decided to be no longer there. */
  #complain(problem: Problem): void {
    if (problem.isUndecided) {
      this.store.set({ ...this.store.get(), problem });
    } else {
      this.#tag = undefined; // "nothing has changed" would be no answer to who has nothing to show
      this.store.set({ problem });
    }
  }

  #take({ data, error, response }: Answer<T>): void {
    const shown = this.store.get();
    if (response.status === 304) {
      if (shown.problem !== undefined && shown.data !== undefined) {
        this.store.set({ data: shown.data });
      }
    } else if (response.ok) {
      this.#tag = response.headers.get("ETag") ?? undefined;
      this.store.set({ data: data as T });
    } else {
      throw problemOf(error, response.status);
    }
    this.#readAt = elapsed();
  }

  #follow(): void {
    const stopBefore = this.#stopFeed;
    this.#stopFeed = this.isWatched
      ? live.watch(this.#query.key, Math.min(...this.#watchers.values()), () => this.refresh())
      : undefined;
    stopBefore?.(); // after that: a stream that nobody watches, if only for a moment, is closed
  }
}

const entries = new Map<string, Entry<unknown>>();

export function entryOf<T>(query: Query<T>): Entry<T> {
  const known = entries.get(query.key) as Entry<T> | undefined;
  const entry = known ?? new Entry(query);
  entries.set(query.key, entry);
  return entry;
}

/** Reads again what is on show and begins with one of these keys; what is not on show is dropped. */
export function invalidate(...prefixes: string[]): void {
  for (const [key, entry] of entries) {
    if (prefixes.some((prefix) => key.startsWith(prefix))) {
      renew(key, entry);
    }
  }
}

/** Forgets all answers, because from now on they are somebody else's. */
export function forgetAll(): void {
  for (const [key, entry] of entries) {
    entry.forget();
    renew(key, entry);
  }
}

function renew(key: string, entry: Entry<unknown>): void {
  if (entry.isWatched) {
    void entry.refresh();
  } else {
    entries.delete(key);
  }
}
