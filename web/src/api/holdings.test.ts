import "./fake-browser";

import { expect, test, vi } from "vitest";

import { holdingsQuery, MOST_MARKETS } from "./holdings";

/** Lets somebody have bought a share in each of so many markets, of which some are not answered with. */
function answer(markets: number, failing?: string): void {
  const slugs = Array.from({ length: markets }, (_, index) => `market-${index}`);
  const trades = slugs.map((market) => ({ market, outcome: "YES", side: "buy", quantity: "1.000000" }));
  vi.stubGlobal("fetch", (request: Request) => {
    const { pathname } = new URL(request.url);
    const slug = pathname.split("/").at(-1) ?? "";
    const status = slug === failing ? 429 : 200;
    const market = { slug, status: slug === "market-1" ? "RESOLVED" : "ACTIVE" };
    const body = pathname.endsWith("/trades") ? { trades, cursor: null } : market;
    return Promise.resolve(Response.json(body, { status }));
  });
}

test("what is held of open markets is all of it, or says that it is not", async () => {
  answer(3);
  const { data } = await holdingsQuery("ada").read({});
  expect(data?.holdings.map(({ slug }) => slug)).toEqual(["market-0", "market-2"]);
  expect(data?.isComplete).toBe(true);
  answer(MOST_MARKETS + 1);
  expect(await holdingsQuery("ada").read({})).toMatchObject({ data: { isComplete: false } });
});

test("a market that could not be read is not left out without a word", async () => {
  answer(3, "market-2");
  const { data, response } = await holdingsQuery("ada").read({});
  expect([data, response.status]).toEqual([undefined, 429]);
});
