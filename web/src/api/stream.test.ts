import "./fake-browser";

import { beforeEach, expect, test, vi } from "vitest";

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

const { followed, live, reachPosition } = await import("./stream");

function source(): FakeSource {
  const last = FakeSource.opened.at(-1);
  if (last === undefined) {
    throw new Error("no stream was opened");
  }
  return last;
}

beforeEach(() => {
  FakeSource.opened.length = 0;
  tab.hidden = false;
});

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
  tab.hidden = true;
  tab.dispatchEvent(new Event("visibilitychange"));
  expect(source().readyState).toBe(FakeSource.CLOSED);
  tab.hidden = false;
  tab.dispatchEvent(new Event("visibilitychange"));
  expect(source().url).toBe("/v1/markets/snow/stream?after=4");
  stop();
});

/** Answers the question for events of the page, and notes what was asked. */
function answerEvents(...pages: (readonly { position: number }[])[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(new URL(request.url).pathname + new URL(request.url).search);
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
  source().readyState = FakeSource.CLOSED;
  source().say("error");
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
  reachPosition("fog", 3, false); // resolved: the last question is not the same for ever
  await vi.advanceTimersByTimeAsync(2_100);
  expect(asked.at(-1)).toBe("/v1/markets/fog/events?after=3&limit=1");

  tab.hidden = true;
  tab.dispatchEvent(new Event("visibilitychange"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(5);
  stop.forEach((end) => {
    end();
  });
});
