import "./fake-browser";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { client } from "./client";
import contract from "../../../functions/api/instance/get_openapi/openapi.json?raw";
import { forgetServer, isPublic } from "./public-reads";
import { endSession, session, startSession } from "../session/session";

interface Asked {
  readonly path: string;
  readonly credential: string | null;
}

let asked: Asked[] = [];
const EDGE = { "X-Amz-Cf-Id": "abc" };
const WITH = "Bearer token";

/** Lets a server answer each request with a status by its credential. */
function serve(statusOf: (credential: string | null) => number, headers: Record<string, string> = EDGE): void {
  vi.stubGlobal("fetch", (request: Request) => {
    const credential = request.headers.get("Authorization");
    asked.push({ path: new URL(request.url).pathname, credential });
    const code = statusOf(credential) === 401 ? "unauthenticated" : "other";
    const init = { status: statusOf(credential), headers: { "Content-Type": "application/json", ...headers } };
    return Promise.resolve(new Response(JSON.stringify({ code }), init));
  });
}

/** The credentials that a read shows, one request after another. */
async function shown(read: () => Promise<unknown>): Promise<(string | null)[]> {
  asked = [];
  await read();
  return asked.map(({ credential }) => credential);
}

const market = () => client.GET("/v1/markets/{slug}", { params: { path: { slug: "rain" } } });
const portfolio = () => client.GET("/v1/portfolio");
const terms = { outcome: "YES", side: "buy", quantity: "1" } as const;
const quote = () => client.POST("/v1/markets/{slug}/quotes", { params: { path: { slug: "rain" } }, body: terms });
const order = () =>
  client.POST("/v1/markets/{slug}/orders", {
    params: { path: { slug: "rain" }, header: { "Idempotency-Key": "first" } },
    body: terms,
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  forgetServer();
  startSession("token", { account: "ada", name: "Ada", roles: [] });
});

afterEach(() => {
  endSession();
  vi.useRealTimers();
});

describe("behind CloudFront", () => {
  beforeEach(async () => {
    serve(() => 200);
    await portfolio();
  });

  test("no public read carries a credential", async () => {
    expect(await shown(market)).toEqual([null]);
    expect(await shown(portfolio)).toEqual([WITH]);
  });

  test("what is not there for everybody is asked for again with it", async () => {
    serve((credential) => (credential === null ? 404 : 200));
    expect(await shown(market)).toEqual([null, WITH]);
    expect(await shown(market)).toEqual([null, WITH]);
  });

  test("a private instance is asked with it from then on", async () => {
    serve((credential) => (credential === null ? 401 : 200));
    expect(await shown(market)).toEqual([null, WITH]);
    expect(await shown(market)).toEqual([WITH]);
    expect(session.get()?.account).toBe("ada");
  });

  test("one's own change is seen at once", async () => {
    await quote();
    expect(await shown(market)).toEqual([null]);
    await order();
    expect(await shown(market)).toEqual([WITH]);
    vi.advanceTimersByTime(5_000);
    expect(await shown(market)).toEqual([null]);
  });
});

test("elsewhere every read carries the credential", async () => {
  serve(() => 200, {});
  await portfolio();
  expect(await shown(market)).toEqual([WITH]);
});

describe("what is public", () => {
  const document = JSON.parse(contract) as { paths: Record<string, { get?: { security?: readonly object[] } }> };
  const reads = Object.entries(document.paths).flatMap(([path, { get }]) =>
    get?.security === undefined || get.security.length === 0 ? [] : [{ path, security: get.security }],
  );

  test.each(reads)("$path", ({ path, security }) => {
    const isOptional = security.some((way) => Object.keys(way).length === 0);
    expect(isPublic({ method: "GET", url: `https://hunch.test${path}` })).toBe(isOptional);
  });

  test("not lists that have one's own drafts, nor anything that is sent", () => {
    for (const query of ["creator=ada", "status=DRAFT"]) {
      expect(isPublic({ method: "GET", url: `https://hunch.test/v1/markets?${query}` })).toBe(false);
    }
    expect(isPublic({ method: "POST", url: "https://hunch.test/v1/markets" })).toBe(false);
  });
});
