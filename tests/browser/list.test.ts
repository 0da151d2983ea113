/** The list of markets: what it asks the server for, and that going back finds it as it was. */

import { beforeAll, expect, test } from "vitest";

import { inspect, leave, useBrowser, visit } from "./support/browser";
import { Program } from "./support/people";

useBrowser();

const MANY = 65;

beforeAll(async () => {
  const creator = await Program.of("lister");
  const outcomes = Array.from({ length: 20 }, (_, index) => `Door ${index}`);
  await creator.open("doors", { name: "Behind which door is the goat?", outcomes, liquidity: "1", tags: ["goats"] });
  await (await Program.of("seer")).buy("doors", "Door 7", "20");
  for (let number = 1; number <= MANY; number++) {
    await creator.open(`listed-${number}`, {
      name: `Will number ${number} be drawn?`,
      liquidity: "1",
      tags: ["lottery"],
    });
  }
});

test("a search is the server's, whatever has been loaded", async () => {
  const page = await visit("/");
  const asked = page.waitForRequest((request) => new URL(request.url()).searchParams.get("q") === "numb 64");
  await page.getByRole("searchbox").fill("  numb  64 ");
  await asked;
  await page.getByRole("link", { name: "Will number 64 be drawn?" }).waitFor();
  expect(await page.locator(".market-row").count()).toBe(1);
  await leave(page);
});

test("the soonest to close come first when asked for, and the address says so", async () => {
  const page = await visit("/");
  const asked = page.waitForRequest((request) => new URL(request.url()).searchParams.get("order") === "closing");
  await page.getByLabel("Order").selectOption("Closing soon");
  await asked;
  expect(page.url()).toContain("order=closing");
  await page.locator(".market-row").first().waitFor();
  await inspect(page, "markets-closing");
  await leave(page);
});

test("what moved and which tags there are is said of all open markets, not of the first page", async () => {
  const page = await visit("/");
  await page.getByRole("navigation", { name: "Tags" }).getByRole("link", { name: "goats" }).waitFor();
  await page.getByRole("region", { name: "Moved today" }).getByRole("link", { name: "Behind which door" }).waitFor();
  await leave(page);
});

test("going back shows as many rows as before", async () => {
  const page = await visit("/");
  await page.getByRole("button", { name: "Show more" }).click();
  await page.locator(".market-row").nth(59).waitFor();
  await page.locator(".market-row a").nth(45).click();
  await page.locator(".market-facts").waitFor();
  await page.goBack();
  await page.locator(".market-row").nth(59).waitFor();
  await leave(page);
});
