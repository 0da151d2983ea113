import "./fake-browser";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { client, dataOf } from "./client";
import { connection } from "./connection";
import { problemOfFailure } from "./problem";
import { fetchInTime } from "./transport";
import { endSession, farewell, session, startSession } from "../session/session";

beforeEach(() => {
  connection.set("online");
  startSession("token", { account: "ada", name: "Ada", roles: [] });
});

afterEach(() => {
  endSession();
  vi.stubGlobal("navigator", { onLine: true });
  vi.useRealTimers();
});

function answer(response: () => Response | Promise<Response>): void {
  vi.stubGlobal("fetch", async () => response());
}

async function outcome(): Promise<unknown> {
  return dataOf(client.GET("/v1/portfolio")).catch((failure: unknown) => failure);
}

describe("no connection is what fetch threw, and nothing else", () => {
  test("a fetch that fails", async () => {
    answer(() => Promise.reject(new TypeError("Load failed")));
    expect(await outcome()).toMatchObject({ title: "No connection" });
    expect(connection.get()).toBe("unreachable");
  });

  test("a fetch that fails while the browser knows that it is offline", async () => {
    vi.stubGlobal("navigator", { onLine: false });
    answer(() => Promise.reject(new TypeError("Load failed")));
    expect(await outcome()).toMatchObject({ title: "No connection" });
    expect(connection.get()).toBe("offline");
  });

  test("a connection that breaks within the body", async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new TypeError("network error"));
      },
    });
    answer(() => new Response(body));
    expect(await outcome()).toMatchObject({ title: "No connection" });
  });

  test("a mistake of the page's own is called one", () => {
    expect(problemOfFailure(new TypeError("crypto.x is not a function"))).toMatchObject({
      title: "This page has made a mistake",
      message: expect.stringContaining("crypto.x is not a function") as string,
    });
  });

  test("a proxy with nobody behind it", async () => {
    answer(() => new Response("<h1>Bad Gateway</h1>", { status: 502, headers: { "Content-Type": "text/html" } }));
    expect(await outcome()).toMatchObject({ status: 502, isUnanswered: true });
    expect(connection.get()).toBe("unreachable");
    answer(() => Response.json({ title: "Busy", status: 503 }, { status: 503 }));
    await outcome();
    expect(connection.get()).toBe("online");
  });
});

describe("the time for an answer", () => {
  /** A server that never answers, in a browser whose signals cannot be joined. */
  function silence(): void {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    vi.stubGlobal(
      "fetch",
      (_: Request, { signal }: { signal: AbortSignal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            reject(new DOMException("Aborted.", "AbortError"));
          });
        }),
    );
    vi.stubGlobal("AbortSignal", { timeout: undefined });
  }

  test("ends", async () => {
    silence();
    const heard = outcome();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await heard).toMatchObject({ title: "No answer" });
    expect(connection.get()).toBe("online");
  });

  test("does not matter to who wants no answer any more", async () => {
    silence();
    const controller = new AbortController();
    const heard = fetchInTime(new Request("http://hunch.test/", { signal: controller.signal })).catch(
      (failure: unknown) => failure,
    );
    await vi.advanceTimersByTimeAsync(0);
    controller.abort();
    expect(await heard).toBeInstanceOf(DOMException);
    expect(connection.get()).toBe("online");
  });
});

describe("a session", () => {
  test.each([
    ["a proxy's page", () => new Response("<h1>Sign in to the network</h1>", { status: 401 })],
    ["a proxy's JSON", () => Response.json({ error: "login_required" }, { status: 401 })],
    ["a gateway's problem", () => Response.json({ title: "Unauthorized", status: 401 }, { status: 401 })],
  ])("outlives %s with the status 401", async (_, response) => {
    answer(response);
    await outcome();
    expect(session.get()).toMatchObject({ account: "ada", token: "token" });
  });

  test("ends where Hunch says that its token is good for nothing", async () => {
    answer(() => Response.json({ title: "No", status: 401, code: "unauthenticated" }, { status: 401 }));
    expect(await outcome()).toMatchObject({ code: "unauthenticated" });
    expect([session.get(), farewell.get()]).toEqual([undefined, "expired"]);
  });
});
