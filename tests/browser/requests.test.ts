/** No page asks twice for the same thing when it opens. */

import type { Page, Request } from "playwright-core";
import { beforeAll, expect, test } from "vitest";

import { leave, useBrowser, visit } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

/** Long enough for a second question. */
const WATCHED_MS = 1_200;
/** A page that looks again leaves more time than this. */
const AGAIN_MS = 1_500;

const PAGES: Readonly<Record<string, { path: string; landmark: string; most: number }>> = {
  markets: { path: "/", landmark: ".market-row", most: 16 },
  // Names are asked for twice where the market is there long before its trades.
  market: { path: "/markets/rain-on-saturday", landmark: ".price-chart canvas", most: 10 },
  "market-resolved": { path: "/markets/first-snow", landmark: ".price-chart canvas", most: 11 },
  portfolio: { path: "/portfolio", landmark: ".equity", most: 8 },
  create: { path: "/create", landmark: "text=subsidy of", most: 6 },
  admin: { path: "/admin", landmark: "text=Waiting for an outcome", most: 7 },
  "admin-people": { path: "/admin?tab=people", landmark: ".people", most: 6 },
  leaderboard: { path: "/leaderboard", landmark: ".card table, .empty", most: 7 },
  person: { path: "/people/counter", landmark: "main .card, main .facts", most: 9 },
  "api-keys": { path: "/api-keys", landmark: "text=A new key", most: 6 },
  webhooks: { path: "/webhooks", landmark: "text=A new webhook", most: 7 },
  board: { path: "/board", landmark: ".board-markets li", most: 8 },
};

/** What a visitor's pages ask for, at most. */
const VISITED: typeof PAGES = {
  "a visitor's markets": { path: "/", landmark: ".market-row", most: 2 },
  "a visitor's market": { path: "/markets/rain-on-saturday", landmark: ".price-chart canvas", most: 9 },
  "a visitor's sign-in": { path: "/sign-in", landmark: "main .card", most: 2 },
};

let page: Page;
let visitor: Page;

beforeAll(async () => {
  await (await Program.of("counter")).buy("rain-on-saturday", "YES", "5");
  page = await arrive("counter", { isAdmin: true });
  visitor = await visit("about:blank");
  return () => leave(page, visitor);
});

test.each(Object.entries(PAGES))("%s", async (_, opened) => {
  await expectNothingTwice(page, opened);
});

test.each(Object.entries(VISITED))("%s", async (_, opened) => {
  await expectNothingTwice(visitor, opened);
});

async function expectNothingTwice(page: Page, { path, landmark, most }: (typeof PAGES)[string]): Promise<void> {
  await page.goto("about:blank"); // what the page before still asks for is not counted
  const asked = new Map<string, number>();
  const twice: string[] = [];
  const note = (request: Request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname.startsWith("/v1/") || pathname === "/config.json") {
      searchParams.delete("from"); // it is another each second
      const what = `${request.method()} ${pathname}?${searchParams.toString()}`;
      const before = asked.get(what);
      if (before !== undefined && performance.now() - before < AGAIN_MS) {
        twice.push(what);
      }
      asked.set(what, performance.now());
    }
  };
  page.on("request", note);
  await page.goto(path);
  await page.locator(landmark).first().waitFor();
  await page.waitForTimeout(WATCHED_MS);
  page.off("request", note);
  expect(twice).toEqual([]);
  expect([...asked.keys()].length, [...asked.keys()].join("\n")).toBeLessThanOrEqual(most);
}
