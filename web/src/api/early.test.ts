import "./fake-browser";

import { describe, expect, test, vi } from "vitest";

const ORIGIN = "http://hunch.test";

interface Visit {
  /** Where on the host this instance is. */
  readonly place?: string;
  readonly stored?: Readonly<Record<string, string>>;
  readonly isStorageBlocked?: boolean;
}

/** Opens an address: the first script runs, then the page's own code is loaded. */
async function open(address: string, { place = "/", stored = {}, isStorageBlocked = false }: Visit = {}) {
  const fetched = vi.fn((request: string | Request, { headers }: RequestInit) => {
    const sent = typeof request === "string" ? new Headers(headers) : request.headers;
    const url = typeof request === "string" ? request : request.url;
    asked.push([url, sent.get("Authorization")]);
    return Promise.resolve(Response.json({ slug: "rain" }));
  });
  const asked: [string, string | null][] = [];
  const dataset: Record<string, string> = {};
  const page = {
    querySelector: () => ({ content: place, getAttribute: () => place }),
    documentElement: { dataset },
    addEventListener: () => undefined,
  };
  const getItem = (name: string) => {
    if (isStorageBlocked) {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    }
    return stored[name] ?? null;
  };
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("location", new URL(address, ORIGIN));
  vi.stubGlobal("document", page);
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("localStorage", { getItem, removeItem: () => undefined, key: () => null, length: 0 });
  vi.resetModules();
  await import("../first.js");
  const { marketQuery } = await import("./reads");
  const { firstPageOf } = await import("../pages/markets/use-market-pages");
  return { asked, dataset, list: firstPageOf({ status: "ACTIVE" }), market: marketQuery("rain") };
}

const SESSION = JSON.stringify({ token: "t0ken", account: "ada", name: "Ada", isAdmin: true });

describe("what a page begins with is asked for before its code is there, and once", () => {
  test.each([
    ["the list", "/", {}, "list", "/v1/markets?status=ACTIVE&limit=30", null],
    ["a market", "/markets/rain", {}, "market", "/v1/markets/rain", null],
    [
      "a member's list",
      "/",
      { stored: { "hunch.session": SESSION } },
      "list",
      "/v1/markets?status=ACTIVE&limit=30",
      "Bearer t0ken",
    ],
    [
      "a member's market below a path",
      "/hunch/markets/rain",
      { place: "/hunch/", stored: { "hunch:/hunch:session": SESSION, "hunch.session": "another's" } },
      "market",
      "/hunch/v1/markets/rain",
      "Bearer t0ken",
    ],
    [
      "a visitor's list whose storage is blocked",
      "/",
      { isStorageBlocked: true },
      "list",
      "/v1/markets?status=ACTIVE&limit=30",
      null,
    ],
  ] as const)("%s", async (_, address, visit, query, url, authorization) => {
    const page = await open(address, visit);
    expect(page.asked).toEqual([[ORIGIN + url, authorization]]);
    expect((await page[query].read({})).data).toEqual({ slug: "rain" });
    expect(page.asked).toHaveLength(1);
    await page[query].read({});
    expect(page.asked).toEqual([page.asked[0], page.asked[0]]);
  });
});

test.each(["/portfolio", "/?tag=work", "/markets/rain/edit", "/board"])(
  "%s asks for nothing early",
  async (address) => {
    expect((await open(address)).asked).toEqual([]);
  },
);

test("what was asked for in another's name is asked for again", async () => {
  const { asked, market } = await open("/markets/rain", { stored: { "hunch.session": SESSION } });
  const { endSession } = await import("../session/session");
  endSession();
  await market.read({});
  expect(asked.map(([, authorization]) => authorization)).toEqual(["Bearer t0ken", null]);
});

test.each([
  ["/", undefined, { frame: "list", reader: "visitor", place: "/" }],
  ["/markets/rain", SESSION, { frame: "page", reader: "admin", place: "/" }],
  ["/portfolio", JSON.stringify({ token: "t" }), { frame: "page", reader: "member", place: "/portfolio" }],
  ["/board", undefined, { frame: "bare", reader: "visitor", place: "/board" }],
  ["/markets/rain/screen", "no JSON", { frame: "bare", reader: "visitor", place: "/markets/rain/screen" }],
])("the frame of %s for %s", async (address, session, frame) => {
  const { dataset } = await open(address, { stored: session === undefined ? {} : { "hunch.session": session } });
  expect(dataset).toEqual(frame);
});
