/** News of all markets that somebody looks at, for as long as somebody does. */

import { onWake } from "../platform/wake";
import { connection } from "./connection";
import { type Feed, polling } from "./feed";
import { MarketStream } from "./market-stream";

export { followed } from "./market-stream";

const SUBJECT = /^\/v1\/markets\/(?<slug>[^/?]+)(?<rest>[/?])/;
/** When to look whether a server that a request has not reached is there after all. */
const PROBE_MS = 2_000;

const streams = new Map<string, MarketStream>();

function streamOf(slug: string): MarketStream {
  const stream = streams.get(slug) ?? new MarketStream(slug, followAll);
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

/** Goes on without streams, which the server does not have. */
function followAll(): void {
  forEach((stream) => {
    stream.follow();
  });
}

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
