/**
 * News of a market where the server has no streams, which is so on AWS: one question stands for all. Is there an event after
 * the last one that the page knows? Hints, where the instance publishes them, say when to ask.
 */

import { configQuery, type Push } from "../session/sign-in-ways";
import { answerOf, client } from "./client";
import { askAgain, type Questions, SLOWEST_MS } from "./feed";

/** Between two questions while hints arrive: should one be lost, this is how long nobody knows. */
const HINTED_MS = SLOWEST_MS;
/** When to look once more after a hint: there is one in two seconds at most, and the edge may be a second behind. */
const AFTERWARDS_MS = 4_000;
/** How often a hint is followed up at the most, should its event not show. */
const LOOKS = 5;

/** Who wants to know. */
export interface Asker {
  readonly slug: string;
  /** Of the last event that is known. */
  readonly position: () => number;
  /** How often to ask where nobody says when. */
  readonly everyMs: () => number;
  /** There is an event, of which the market's own answer may know nothing yet. */
  readonly onNews: () => void;
  /** What happens is heard of as it happens, or no longer. */
  readonly onLive: (isLive: boolean) => void;
}

export class EventQuestions {
  readonly #asker: Asker;
  #questions: Questions | undefined;
  #listening: AbortController | undefined;
  #areHintsHeard = false;
  /** Of the last event that a hint has told of. */
  #hinted = 0;
  /** How many looks a hint is still worth. */
  #looks = 0;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  get isAsking(): boolean {
    return this.#questions !== undefined;
  }

  ask(): void {
    this.#questions ??= askAgain(
      () => this.#waitMs(),
      () => this.#ask(),
    );
  }

  /** Listens for hints beside, where the instance publishes them. */
  listen(): void {
    if (this.#listening === undefined) {
      this.#listening = new AbortController();
      // Where there is no way to listen, asking goes on.
      this.#listenUntil(this.#listening.signal).catch(() => undefined);
    }
  }

  stop(): void {
    this.#questions?.stop();
    this.#questions = undefined;
    this.#listening?.abort();
    this.#listening = undefined;
    this.#areHintsHeard = false;
  }

  #waitMs(): number {
    if (this.#areHintsHeard && this.#looks === 0) {
      return HINTED_MS;
    }
    const isUpToHints = this.#asker.position() >= this.#hinted;
    return this.#areHintsHeard && isUpToHints ? AFTERWARDS_MS : this.#asker.everyMs();
  }

  /**
   * Whether the question was answered. Everybody who knows as much asks for the same page, so the edge answers most of
   * them. The position stays what the market says: an answer of the edge that is older than the event is read once more.
   */
  async #ask(): Promise<boolean> {
    const { slug, position, onNews } = this.#asker;
    const params = { path: { slug }, query: { after: position(), limit: 1 } };
    try {
      const { data } = await client.GET("/v1/markets/{slug}/events", { params });
      if (data === undefined) {
        return false;
      }
      if (data.events.length > 0) {
        this.#looks = 1; // there may be more
        onNews();
      } else {
        this.#looks = Math.max(this.#looks - 1, 0);
      }
      return true;
    } catch {
      return false; // the next question tells whether there is a connection again
    }
  }

  async #listenUntil(ended: AbortSignal): Promise<void> {
    if ((await findPush()) === undefined) {
      return;
    }
    const { listen } = await import("./hints");
    if (ended.aborted) {
      return;
    }
    const stop = listen(this.#asker.slug, {
      onHint: (position) => {
        this.#followUp(position);
      },
      onHeard: (areHeard) => {
        this.#hear(areHeard);
      },
    });
    ended.addEventListener("abort", stop);
  }

  /** A hint decides nothing but when to ask. */
  #followUp(position: number): void {
    if (position > this.#hinted && position > this.#asker.position()) {
      this.#hinted = position;
      this.#looks = LOOKS;
      this.#questions?.askNow();
    }
  }

  /** Hints have begun or ceased to arrive: either way something may have been missed. */
  #hear(areHeard: boolean): void {
    this.#areHintsHeard = areHeard;
    this.#looks = 2; // the edge may be behind the first
    this.#asker.onLive(areHeard);
    this.#questions?.askNow();
  }
}

let push: Promise<Push | undefined> | undefined;

/** Where hints are, as the server said when it was first asked; nowhere, where it did not answer. */
async function findPush(): Promise<Push | undefined> {
  push ??= answerOf(configQuery.read({})).then(({ data }) => data?.push);
  try {
    return await push;
  } catch {
    push = undefined;
    return undefined;
  }
}
