import "./fake-browser";

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";

import { FakeAppSync, HOST } from "./fake-appsync";

vi.stubGlobal("WebSocket", WebSocket);

const { listen } = await import("./hints");
const { endSession, startSession } = await import("../session/session");

const KEY = "da2-key";

let server: FakeAppSync;
/** What config.json says, and how often it was asked for. */
let config: { push?: { url: string; host: string; key?: string } };
let asked = 0;
let heard: (number | boolean)[] = [];
let stop: () => void = () => undefined;

/** Listens until the test is over. */
function listenToRain(): void {
  const note = (what: number | boolean) => {
    heard.push(what);
    server.note();
  };
  stop = listen("rain", { onHint: note, onHeard: note });
}

/** Lets time go by; what travels takes none of it. */
async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

/** Lets time go by until something is so; how much that took, in milliseconds. */
async function timeUntil(isSo: () => boolean): Promise<number> {
  let milliseconds = 0;
  while (!isSo()) {
    await pass(10);
    milliseconds += 10;
    await new Promise((resolve) => setImmediate(resolve)); // what travels arrives
  }
  return milliseconds;
}

beforeEach(async () => {
  server = new FakeAppSync();
  await server.start();
  server.credential = KEY;
  config = { push: { url: server.url, host: HOST, key: KEY } };
  asked = 0;
  heard = [];
  vi.stubGlobal("fetch", () => {
    asked++;
    return Promise.resolve(Response.json({ sign_in: {}, ...config }));
  });
  vi.spyOn(Math, "random").mockReturnValue(1);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(async () => {
  stop();
  endSession();
  vi.useRealTimers();
  vi.restoreAllMocks();
  await server.stop();
});

test("whoever shows the key is told of the market's hints, whatever else is said", async () => {
  listenToRain();
  await server.until(() => heard.length === 1);
  expect(server.subscribed).toEqual(["/markets/rain"]);
  expect(server.shown).toEqual([{ host: HOST, "x-api-key": KEY }]);
  server.publish({ position: 7, prices: { YES: "0.500000" } });
  server.say({ type: "data", event: [JSON.stringify({ position: 8 })] });
  for (const event of ["no JSON", JSON.stringify("text"), JSON.stringify({ position: "9" }), null]) {
    server.say({ type: "data", event });
  }
  server.say({ type: "ka" });
  server.say({ type: "something new" });
  server.publish({ position: 9 });
  await server.until(() => heard.length === 4);
  expect(heard).toEqual([true, 7, 8, 9]);
});

test("a silent connection is lost once the server's own time is up, and each message counts", async () => {
  server.connectionTimeoutMs = 20_000;
  listenToRain();
  await server.until(() => heard.length === 1);
  for (let times = 1; times <= 3; times++) {
    await pass(15_000);
    server.publish({ position: times });
    await server.until(() => heard.length === 1 + times);
  }
  await pass(20_000);
  expect(heard).toEqual([true, 1, 2, 3, false]);
  await timeUntil(() => heard.length === 6);
  expect(heard.at(-1)).toBe(true);
  expect(server.subscribed).toHaveLength(2);
});

test("a connection that breaks comes back, later each time, and at once after it was heard", async () => {
  listenToRain();
  await server.until(() => heard.length === 1);
  server.isMute = true;
  server.drop();
  await server.until(() => heard.length === 2);
  const waits: number[] = [];
  for (const attempt of [2, 3, 4]) {
    waits.push(await timeUntil(() => server.shown.length === attempt));
    await server.until(() => server.connections === 1);
    server.drop();
    await server.until(() => server.connections === 0);
  }
  server.isMute = false;
  waits.push(await timeUntil(() => heard.length === 3));
  for (const [place, least] of [1_000, 2_000, 4_000, 8_000].entries()) {
    expect(waits[place]).toBeGreaterThanOrEqual(least);
  }
  server.drop();
  await server.until(() => heard.length === 4);
  expect(await timeUntil(() => heard.length === 5)).toBeLessThan(8_000);
  expect(heard).toEqual([true, false, true, false, true]);
});

test("a server that lets in and says nothing is left after fifteen seconds", async () => {
  server.isMute = true;
  listenToRain();
  await server.until(() => server.messages === 1);
  server.isMute = false;
  expect(await timeUntil(() => heard.length === 1)).toBeGreaterThanOrEqual(15_000);
});

test("a key that is no good any more is asked for anew", async () => {
  config.push = { url: server.url, host: HOST, key: "expired" };
  listenToRain();
  await server.until(() => server.shown.length === 1);
  config.push = { url: server.url, host: HOST, key: KEY };
  await timeUntil(() => heard.length === 1);
  expect(server.shown.map((shown) => shown["x-api-key"])).toEqual(["expired", KEY]);
  expect(asked).toBe(2);
});

test("a subscription that is refused is tried again, and never said to be heard", async () => {
  server.refusesSubscriptions = true;
  listenToRain();
  await server.until(() => server.shown.length === 1 && server.connections === 1);
  await server.until(() => server.connections === 0);
  expect(heard).toEqual([]);
  server.refusesSubscriptions = false;
  await timeUntil(() => heard.length === 1);
});

test("on a private instance an issuer's token is shown, and nothing by whom the instance itself let in", async () => {
  server.credential = "issuer.token.x";
  config.push = { url: server.url, host: HOST };
  const ann = { account: "ann", name: "Ann", roles: [] };
  for (const token of [undefined, "hs_own.token", "issuer.token.x"]) {
    if (token !== undefined) {
      startSession(token, ann);
    }
    listenToRain();
    if (token === server.credential) {
      await server.until(() => heard.length === 1);
    } else {
      const before = asked;
      await timeUntil(() => asked === before + 2); // it looks again whether there is a session
      expect(server.shown).toEqual([]);
    }
    stop();
  }
  expect(server.shown).toEqual([{ host: HOST, Authorization: "issuer.token.x" }]);
});

test("who has stopped is told nothing, and is not connected", async () => {
  listenToRain();
  stop();
  listenToRain();
  await server.until(() => heard.length === 1);
  stop();
  await server.until(() => server.connections === 0);
  expect(heard).toEqual([true]);
  expect(server.shown).toHaveLength(1);
});
