/** An order is never sent twice: not by a second click, not after a lost answer, not after a reload. */

import { expect, test } from "vitest";

import { leave, useBrowser, inspect } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

test("a lost answer is asked for again under the same key, even after a reload", async () => {
  const creator = await Program.of("creator");
  await creator.open("lost-answer", { name: "Will the answer be lost?" });
  const page = await arrive("patient");
  await page.goto("/markets/lost-answer");
  const keys: string[] = [];
  await page.route("**/orders", async (route) => {
    keys.push((await route.request().headerValue("Idempotency-Key")) ?? "");
    const response = await route.fetch();
    await (keys.length === 1 ? route.abort() : route.fulfill({ response }));
  });

  await page.getByLabel("Credits to spend").fill("10");
  await page.getByRole("button", { name: "Buy YES" }).dblclick();
  await page.getByText("Your order may not have arrived").waitFor();
  await page.reload();
  await page.getByText("Buy YES for 10.00 credits").waitFor();
  await inspect(page, "interrupted-order");
  expect(await page.getByRole("button", { name: "Buy YES" }).count()).toBe(0);
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByText(/^Bought \d+\.\d+ shares of YES/).waitFor();

  expect(new Set(keys).size).toBe(1);
  const { trade_count } = await creator.get("/v1/markets/lost-answer");
  expect(trade_count).toBe(1);
  await leave(page);
});

test("while an order's fate is unknown, Enter sends no other", async () => {
  const creator = await Program.of("creator");
  await creator.open("eager", { name: "Will Enter buy twice?" });
  const page = await arrive("eager");
  await page.goto("/markets/eager");
  let sent = 0;
  await page.route("**/orders", async (route) => {
    sent++;
    await route.fetch();
    await route.abort();
  });

  await page.getByLabel("Credits to spend").fill("10");
  await page.getByRole("button", { name: "Buy YES", disabled: false }).waitFor();
  const requoted = page.waitForResponse("**/quotes");
  await page.getByLabel("Credits to spend").press("Enter");
  await page.getByText("Your order may not have arrived").waitFor();
  await (await requoted).finished();
  await page.getByText(/credits in 1 trade/).waitFor();
  await page.getByLabel("Credits to spend").press("Enter");
  await page.getByLabel("Credits to spend").press("Enter");

  await page.getByText("Your order may not have arrived").waitFor();
  const { trade_count } = await creator.get("/v1/markets/eager");
  expect([sent, trade_count]).toEqual([1, 1]);
  await leave(page);
});

test("a session that ends after a lost answer decides nothing: the same key asks again after signing in", async () => {
  const creator = await Program.of("creator");
  await creator.open("lapsed", { name: "Will the session last?" });
  const page = await arrive("lapsed");
  await page.goto("/markets/lapsed");
  const keys: string[] = [];
  await page.route("**/orders", async (route) => {
    keys.push((await route.request().headerValue("Idempotency-Key")) ?? "");
    if (keys.length === 2) {
      await route.fulfill({
        status: 401,
        json: { title: "Sign in again", status: 401, code: "unauthenticated" },
      });
      return;
    }
    const response = await route.fetch();
    await (keys.length === 1 ? route.abort() : route.fulfill({ response }));
  });

  await page.getByLabel("Credits to spend").fill("10");
  await page.getByRole("button", { name: "Buy YES", disabled: false }).click();
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByRole("link", { name: "Sign in to trade" }).click();
  await page.getByLabel("Name").fill("lapsed");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByText(/^Bought/).waitFor();
  expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
  const { trade_count } = await creator.get("/v1/markets/lapsed");
  expect(trade_count).toBe(1);
  await leave(page);
});

test("a price that has moved is refused in words, and nothing is bought", async () => {
  const creator = await Program.of("creator");
  await creator.open("moving-price", { name: "Will the price move?" });
  const page = await arrive("slow");
  await page.goto("/markets/moving-price");
  await page.route("**/orders", async (route) => {
    await (await Program.of("quick")).buy("moving-price", "YES", "60");
    await route.continue();
  });
  await page.getByLabel("Credits to spend").fill("10");
  await page.getByRole("button", { name: "Buy YES" }).click();
  await page.getByRole("alert").getByText("What does this mean?").click();
  await page.getByRole("heading", { name: "The price has moved" }).waitFor();
  const { trade_count } = await creator.get("/v1/markets/moving-price");
  expect(trade_count).toBe(1);
  await leave(page);
});
