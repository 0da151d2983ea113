/** Enlarged four times, a window of 1280 × 1024 has 320 × 256 left: everything is still there, and nothing beside it. */

import { beforeAll, expect, test } from "vitest";

import { expectNoSidewaysScroll, inspect, leave, useBrowser, visit } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

const ENLARGED = { viewport: { width: 320, height: 256 } };
/** Where to look, and what has to be readable there, within the window's width. */
const PAGES: Readonly<Record<string, { path: string; landmark: string }>> = {
  markets: { path: "/", landmark: ".market-row" },
  market: { path: "/markets/enlarged", landmark: ".price-chart canvas" },
  create: { path: "/create", landmark: "text=Save the draft" },
  portfolio: { path: "/portfolio", landmark: ".positions" },
  leaderboard: { path: "/leaderboard", landmark: ".ranks" },
  people: { path: "/admin?tab=people", landmark: ".people tbody tr" },
  board: { path: "/board", landmark: ".board-markets li" },
  "api-keys": { path: "/api-keys", landmark: "text=Make the key" },
};

beforeAll(async () => {
  const outcomes = ["As it has always been since anybody remembers", "Otherwise"].map((name) => name.slice(0, 40));
  await (await Program.of("optician")).open("enlarged", { name: "Can everybody read this question?", outcomes });
  await Program.of("administratorinnenvertretung");
  await (await Program.of("reader")).buy("enlarged", "Otherwise", "10");
});

test("at 400 % everything is within the width of the window", async () => {
  const page = await arrive("reader", { isAdmin: true, ...ENLARGED });
  for (const [name, { path, landmark }] of Object.entries(PAGES)) {
    await page.goto(path);
    const found = page.locator(landmark).first();
    await found.waitFor();
    await expectNoSidewaysScroll(page);
    const { left, right } = await found.evaluate((element) => element.getBoundingClientRect());
    expect([left >= 0, right <= ENLARGED.viewport.width], name).toEqual([true, true]);
    await inspect(page, `enlarged-${name}`);
  }
  await leave(page);
});

test("at 400 % an order can be placed", async () => {
  const page = await arrive("reader", ENLARGED);
  await page.goto("/markets/enlarged");
  await page
    .getByRole("group", { name: "Trade" })
    .getByRole("button", { name: /^Otherwise/ })
    .click();
  await page.getByLabel("Credits to spend").fill("5");
  await page.getByRole("button", { name: "Buy Otherwise", disabled: false }).click();
  await page.getByText(/^Bought \d+\.\d+ shares of Otherwise/).waitFor();
  await leave(page);
});

test("at 400 % a market's line ends before the words beside it", async () => {
  const page = await visit("/", ENLARGED);
  await page.locator(".market-row").first().waitFor();
  const crossed = await page.locator(".market-row").evaluateAll((rows) =>
    rows.filter((row) => {
      const end = row.querySelector(".sparkline")?.getBoundingClientRect().right ?? 0;
      return end > (row.querySelector(".market-row-chance")?.getBoundingClientRect().left ?? 0);
    }),
  );
  expect(crossed).toEqual([]);
  await leave(page);
});
