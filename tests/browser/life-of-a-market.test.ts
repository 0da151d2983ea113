/** The whole life of a market, by its creator, a trader and an admin, each in a browser of their own. */

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { inspect, leave, useBrowser } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

const NAME = "Will the bridge open in May?";
const PATH = "/markets/will-the-bridge-open-in-may";

test("asked, traded, closed, resolved and paid", async () => {
  const alice = await arrive("alice");
  await ask(alice);
  await reword(alice);
  await publish(alice);

  const bob = await arrive("bob");
  await find(bob);
  await buy(bob, "YES", "20");
  await alice.locator(".figures-chance").getByText("59%").waitFor(); // without reloading
  await sell(bob);

  await close(alice);
  await bob.getByRole("heading", { name: "Closed" }).waitFor();

  const admin = await arrive("root", { isAdmin: true });
  const paid = await resolve(admin);
  await bob.getByText("Each share of it paid one credit").waitFor();
  await expectPaid(bob, paid);
  await leave(alice, bob, admin);
});

async function ask(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Create", exact: true }).click();
  await page.getByRole("textbox", { name: "Question" }).fill(NAME);
  expect(await page.getByLabel("Address").inputValue()).toBe("will-the-bridge-open-in-may");
  await page.getByLabel("How it is decided").fill("YES when cars drive over it before 1 June.");
  await page.getByLabel("Liquidity").fill("100");
  await page.getByText("a subsidy of 69.32 credits").waitFor();
  await inspect(page, "life-1-asking");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByRole("heading", { name: "A draft" }).waitFor();
}

async function reword(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("How it is decided").fill("YES when anything drives over it before 1 June.");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await page.getByRole("heading", { name: "A draft" }).waitFor();
  await page.getByText("YES when anything drives over it").waitFor();
}

async function publish(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Publish …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("930.68").waitFor();
  await inspect(page, "life-2-publishing");
  await dialog.getByRole("button", { name: "Publish" }).click();
  await page.getByText("Open", { exact: true }).waitFor();
  await page.locator(".balance").getByText("930.68").waitFor();
}

async function find(page: Page): Promise<void> {
  await page.getByRole("searchbox").fill("bridge may");
  await page.getByRole("link", { name: NAME }).click();
}

async function buy(page: Page, outcome: string, credits: string): Promise<void> {
  await page.getByRole("radio", { name: new RegExp(`^${outcome}`) }).check();
  await page.getByLabel("Credits to spend").fill("1000.01");
  await page.getByText("That is more than the 1,000.00 credits that you have.").waitFor();
  await page.getByLabel("Credits to spend").fill(credits);
  await page.getByText("50.0% → 59.1%").waitFor();
  await inspect(page, "life-3-previewing");
  await page.getByRole("button", { name: `Buy ${outcome}` }).click();
  await page.getByText(/^Bought 36\.\d+ shares of YES/).waitFor();
  await inspect(page, "life-4-bought");
  await page.getByRole("heading", { name: "Your position" }).waitFor();
}

async function sell(page: Page): Promise<void> {
  await page.getByRole("radio", { name: "Sell" }).check();
  const note = await page.getByText(/^You have \S+ shares of this/).innerText();
  await page.getByLabel("Shares to sell").fill(/[\d.]+/.exec(note)?.[0] ?? "");
  await page.getByRole("button", { name: "Sell YES", disabled: false }).waitFor(); // what it says one has can be sold
  await page.getByRole("button", { name: "50 %" }).click();
  await page.getByRole("button", { name: "Sell YES" }).click();
  await page.getByText(/^Sold 18\.\d+ shares of YES/).waitFor();
}

async function close(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Close trading …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Close trading" }).click();
  await page.getByRole("heading", { name: "Closed" }).waitFor();
}

/** Resolves the market, and says what the summary told of the trader's payout. */
async function resolve(page: Page): Promise<string> {
  await page.getByRole("link", { name: "Admin" }).click();
  await page.getByRole("link", { name: NAME }).click();
  await page.getByRole("button", { name: "Resolve …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /^YES/ }).check();
  const payout = await dialog.getByRole("row", { name: /^bob/ }).getByRole("cell").last().innerText();
  await inspect(page, "life-5-resolving");
  await dialog.getByRole("button", { name: "Resolve to YES" }).click();
  await page.getByText("Each share of it paid one credit").waitFor();
  await inspect(page, "life-6-resolved");
  return payout;
}

async function expectPaid(page: Page, payout: string): Promise<void> {
  await page.getByRole("link", { name: "Portfolio", exact: true }).click();
  await page.getByRole("tab", { name: "Journal" }).click();
  const row = page.getByRole("row", { name: /^Payout/ });
  await row.getByText(`+${payout}`, { exact: true }).waitFor();
  await inspect(page, "life-7-paid");
  const program = await Program.of("bob");
  const { balance } = await program.get("/v1/portfolio");
  expect(await row.getByRole("cell").last().innerText()).toBe(
    String(balance).slice(0, -"0000".length).replace(/^1/, "1,"),
  );
  expect(await row.getByRole("link", { name: NAME }).getAttribute("href")).toBe(PATH);
}
