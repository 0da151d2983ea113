import "./fake-browser";

import { setMaxListeners } from "node:events";

import { beforeEach, expect, test, vi } from "vitest";

import type { Listener } from "./hints";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static readonly opened: FakeSource[] = [];
  readyState = 0;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSource.opened.push(this);
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }

  say(type: string, lastEventId = ""): void {
    this.dispatchEvent(Object.assign(new Event(type), { lastEventId }));
  }
}

const tab = Object.assign(new EventTarget(), { hidden: false, querySelector: () => null });
vi.stubGlobal("document", tab);
vi.stubGlobal("EventSource", FakeSource);
vi.useFakeTimers();
setMaxListeners(0, tab, window); // of every page that a test opens

/** The listeners for hints there have been, and how many have stopped. */
const listeners: Listener[] = [];
let stopped = 0;
vi.doMock("./hints", () => ({
  listen: (_: string, listener: Listener) => {
    listeners.push(listener);
    return () => stopped++;
  },
}));

let { followed, live, reachPosition } = await import("./stream");
let { connection } = await import("./connection");

function source(): FakeSource {
  const last = FakeSource.opened.at(-1);
  if (last === undefined) {
    throw new Error("no stream was opened");
  }
  return last;
}

/** For a machine that is busy with something else. */
const PATIENCE = { timeout: 30_000 };

/** A page that has just been opened knows nothing of the server. */
beforeEach(async () => {
  FakeSource.opened.length = 0;
  listeners.length = 0;
  stopped = 0;
  tab.hidden = false;
  vi.resetModules();
  ({ followed, live, reachPosition } = await import("./stream"));
  ({ connection } = await import("./connection"));
});

function show(isShown: boolean): void {
  tab.hidden = !isShown;
  tab.dispatchEvent(new Event("visibilitychange"));
}

/** What a server, or nobody, answers to who asks why a stream was refused, and to who asks for config.json. */
let refusal: number | undefined = 404;
let config: object = {};

/** Refuses the stream that is open, or being opened. */
async function refuse(): Promise<void> {
  source().readyState = FakeSource.CLOSED;
  source().say("error");
  await vi.advanceTimersByTimeAsync(0);
}

test("while a stream is open each event is news, and nothing is polled; when it breaks off, polling goes on", async () => {
  const changed = vi.fn(() => Promise.resolve(true));
  const below = vi.fn(() => Promise.resolve(true));
  const stop = [
    live.watch("/v1/markets/rain?{}", 2_000, changed),
    live.watch("/v1/markets/rain/trades?{}", 2_000, below),
  ];
  expect(FakeSource.opened).toEqual([]);
  reachPosition("rain", 7);
  expect(source().url).toBe("/v1/markets/rain/stream?after=7");
  source().say("open");
  expect(followed.get().has("rain")).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([changed.mock.calls.length, below.mock.calls.length]).toEqual([0, 0]);

  source().say("trade", "8");
  expect([changed.mock.calls.length, below.mock.calls.length]).toEqual([1, 0]);

  source().say("error");
  await vi.advanceTimersByTimeAsync(2_500);
  expect([changed.mock.calls.length, below.mock.calls.length]).toEqual([2, 1]);
  stop.forEach((end) => {
    end();
  });
  expect(source().readyState).toBe(FakeSource.CLOSED);
});

test("a tab that nobody looks at has no stream, and goes on after the last event when somebody does", () => {
  const stop = live.watch("/v1/markets/snow?{}", 2_000, () => Promise.resolve(true));
  reachPosition("snow", 3);
  source().say("open");
  source().say("market.closed", "4");
  show(false);
  expect(source().readyState).toBe(FakeSource.CLOSED);
  show(true);
  expect(source().url).toBe("/v1/markets/snow/stream?after=4");
  stop();
});

/** Answers the question for events of the page, and notes what was asked; without a page there is no answer. */
function answerEvents(...pages: (readonly { position: number }[])[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    const { pathname, search } = new URL(request.url);
    if (request.method === "HEAD") {
      return refusal === undefined
        ? Promise.reject(new TypeError())
        : Promise.resolve(new Response(null, { status: refusal }));
    }
    if (pathname === "/config.json") {
      return Promise.resolve(Response.json(config));
    }
    asked.push(pathname + search);
    const events = pages.shift();
    return Promise.resolve(
      events === undefined ? new Response("", { status: 503 }) : Response.json({ events, position: 0 }),
    );
  });
  return asked;
}

test("a server without streams is asked for one once, and then for the next event alone", async () => {
  const changed = vi.fn(() => Promise.resolve(true));
  const below = vi.fn(() => Promise.resolve(true));
  const asked = answerEvents([], [{ position: 2 }], [{ position: 2 }], [], []);
  const stop = [
    live.watch("/v1/markets/fog?{}", 2_000, changed),
    live.watch("/v1/markets/fog/trades?{}", 2_000, below),
  ];
  reachPosition("fog", 1);
  await refuse();
  await vi.advanceTimersByTimeAsync(2_100);
  expect(changed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(2_100); // an event, of which the market's own answer may know nothing yet
  await vi.advanceTimersByTimeAsync(2_100);
  expect(changed).toHaveBeenCalledTimes(2);
  reachPosition("fog", 2);
  await vi.advanceTimersByTimeAsync(2_100);
  const first = "/v1/markets/fog/events?after=1&limit=1";
  expect(asked).toEqual([first, first, first, "/v1/markets/fog/events?after=2&limit=1"]);
  expect([FakeSource.opened.length, changed.mock.calls.length, below.mock.calls.length]).toEqual([1, 2, 0]);
  expect(followed.get().has("fog")).toBe(false);

  show(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(4);
  stop.forEach((end) => {
    end();
  });
});

/** Watches a market that is known up to its first event. */
function watch(slug: string) {
  const changed = vi.fn(() => Promise.resolve(true));
  const stop = live.watch(`/v1/markets/${slug}?{}`, 2_000, changed);
  reachPosition(slug, 1);
  return { changed, stop };
}

const NOTHING: readonly { position: number }[] = [];

test.each([502, 429, undefined])(
  "a stream refused with %s is asked for again, and the market is asked about meanwhile",
  async (status) => {
    refusal = status;
    const asked = answerEvents(...Array<typeof NOTHING>(9).fill(NOTHING));
    const { stop } = watch("hail");
    await refuse();
    expect(followed.get().has("hail")).toBe(false);
    await vi.advanceTimersByTimeAsync(4_900);
    expect([FakeSource.opened.length, asked.length]).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(100);
    expect(FakeSource.opened).toHaveLength(2);
    await refuse();
    await vi.advanceTimersByTimeAsync(9_900);
    expect(FakeSource.opened).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(source().url).toBe("/v1/markets/hail/stream?after=1");
    source().say("open");
    expect(followed.get().has("hail")).toBe(true);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(before);
    stop();
  },
);

test("once a server has said that it has no streams, no market asks it for one", async () => {
  refusal = 404;
  answerEvents();
  const first = watch("mist");
  await refuse();
  const second = watch("dew");
  expect(FakeSource.opened).toHaveLength(1);
  first.stop();
  second.stop();
});

test.each([
  ["the network is back", () => window.dispatchEvent(new Event("online"))],
  ["the machine wakes up", () => vi.setSystemTime(Date.now() + 3_600_000)],
])("when %s the stream goes on after the last event, in place of one that may be dead", async (_, happen) => {
  const { stop } = watch("storm");
  source().say("open");
  source().say("trade", "5");
  const dead = source();
  happen();
  await vi.advanceTimersByTimeAsync(5_000);
  expect([dead.readyState, FakeSource.opened.length]).toEqual([FakeSource.CLOSED, 2]);
  expect(source().url).toBe("/v1/markets/storm/stream?after=5");
  source().say("open");
  dead.say("error");
  expect([FakeSource.opened.length, followed.get().has("storm")]).toEqual([2, true]);
  stop();
});

test("somebody else who watches the market, and ceases to, leaves the stream as it is", async () => {
  answerEvents();
  const { entryOf } = await import("./cache");
  const entry = entryOf({ key: "/v1/markets/drizzle?{}", read: () => Promise.resolve({ response: new Response() }) });
  const stop = entry.watch(2_000);
  reachPosition("drizzle", 1);
  source().say("open");
  entry.watch(500)();
  expect([FakeSource.opened.length, source().readyState, followed.get().has("drizzle")]).toEqual([1, 0, true]);
  stop();
  expect(source().readyState).toBe(FakeSource.CLOSED);
});

test("a server whose stream is open is there, though nobody asks it for anything", () => {
  const { stop } = watch("dawn");
  connection.set("unreachable");
  source().say("open");
  expect(connection.get()).toBe("online");
  stop();
});

test("a request that failed while the stream is open is made up for, until the server is there", async () => {
  const { changed, stop } = watch("noon");
  source().say("open");
  connection.set("unreachable");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(changed).toHaveBeenCalledTimes(1);
  connection.set("unreachable"); // as that request says
  await vi.advanceTimersByTimeAsync(2_000);
  expect(changed).toHaveBeenCalledTimes(2);
  connection.set("online");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(changed).toHaveBeenCalledTimes(2);
  stop();
});

test("a market that is over is followed no longer, and looked at once a minute", async () => {
  const { changed, stop } = watch("dusk");
  source().say("open");
  reachPosition("dusk", 9, false);
  expect([source().readyState, followed.get().has("dusk")]).toEqual([FakeSource.CLOSED, false]);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(changed).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(changed).toHaveBeenCalledTimes(1);
  show(false);
  show(true);
  expect(FakeSource.opened).toHaveLength(1);
  stop();
});

test("without a network nothing is called live", () => {
  const { stop } = watch("gale");
  source().say("open");
  window.dispatchEvent(new Event("offline"));
  expect([source().readyState, followed.get().has("gale")]).toEqual([FakeSource.CLOSED, false]);
  stop();
});

/** A market on a server that has no streams and publishes hints, which are heard. */
async function hinted(slug: string, ...pages: (readonly { position: number }[])[]) {
  refusal = 404;
  config = { push: { url: "ws://hints.test", host: "hints.test", key: "key" } };
  const asked = answerEvents(...pages);
  const watching = watch(slug);
  await refuse();
  await vi.waitFor(() => {
    expect(listeners).toHaveLength(1);
  }, PATIENCE);
  listeners[0]?.onHeard(true);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(asked).toHaveLength(2);
  asked.length = 0;
  return { asked, ...watching, hint: (position: number) => listeners.at(-1)?.onHint(position) };
}

test("while hints are heard the market is live, and asked about once a minute and after each hint", async () => {
  const some = [{ position: 2 }];
  const { asked, changed, stop, hint } = await hinted("sleet", NOTHING, NOTHING, NOTHING, some, NOTHING, NOTHING);
  expect(followed.get().has("sleet")).toBe(true);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(asked).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toHaveLength(1);

  hint(1); // known already
  await vi.advanceTimersByTimeAsync(10_000);
  expect([asked.length, changed.mock.calls.length]).toEqual([1, 0]);
  hint(2);
  await vi.advanceTimersByTimeAsync(0);
  expect([asked.length, changed.mock.calls.length]).toEqual([2, 1]);
  reachPosition("sleet", 2);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(asked.at(-1)).toBe("/v1/markets/sleet/events?after=2&limit=1");
  expect(asked).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(55_000);
  expect(asked).toHaveLength(3);
  stop();
  expect(stopped).toBe(1);
});

test("an edge that is behind a hint is asked until it shows the event, and a hint of nothing is given up", async () => {
  const { asked, changed, stop, hint } = await hinted("frost", ...Array<typeof NOTHING>(12).fill(NOTHING));
  hint(9);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(asked).toHaveLength(5);
  await vi.advanceTimersByTimeAsync(50_000);
  expect([asked.length, changed.mock.calls.length]).toEqual([5, 0]);
  stop();
});

test("hints that cease are made up for by asking, at once; those that come back begin with a question", async () => {
  const { asked, stop } = await hinted("thaw", ...Array<typeof NOTHING>(12).fill(NOTHING));
  listeners[0]?.onHeard(false);
  expect(followed.get().has("thaw")).toBe(false);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(asked).toHaveLength(3);
  listeners[0]?.onHeard(true);
  await vi.advanceTimersByTimeAsync(0);
  expect([asked.length, followed.get().has("thaw")]).toEqual([4, true]);
  stop();
});

test("nobody listens in a hidden tab, and somebody does again when it is shown", async () => {
  const { asked, stop } = await hinted("glaze", ...Array<typeof NOTHING>(12).fill(NOTHING));
  show(false);
  expect([stopped, followed.get().has("glaze")]).toEqual([1, false]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toEqual([]);
  show(true);
  await vi.waitFor(() => {
    expect(listeners).toHaveLength(2);
  }, PATIENCE);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked.length).toBeGreaterThan(0);
  stop();
});
