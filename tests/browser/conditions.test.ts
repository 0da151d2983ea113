/** Trading in difficult conditions: by keyboard alone, offline for a while, elsewhere in the world, among hostile texts. */

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { expectNoSidewaysScroll, inspect, leave, useBrowser, visit } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

const MOST_TABS = 60;

test("a trade by keyboard alone, from signing in on", async () => {
  const page = await visit("/markets/rain-on-saturday");
  await page.getByRole("heading", { level: 1, name: "Will it rain" }).waitFor();
  await tabTo(page, "Sign in");
  await page.keyboard.press("Enter");
  await page.getByLabel("Name").waitFor();
  await tabTo(page, "Name");
  await page.keyboard.type("keyboarder");
  await page.keyboard.press("Enter");
  await page.getByText("You have 1,000.00 credits.").waitFor();
  await tabTo(page, "YES");
  await page.keyboard.press("ArrowRight");
  await tabTo(page, "Credits to spend");
  await page.keyboard.type("12");
  await page.getByRole("button", { name: "Buy NO", disabled: false }).waitFor();
  await tabTo(page, "Buy NO");
  await page.keyboard.press("Enter");
  await page.getByText(/^Bought \d+\.\d+ shares of NO/).waitFor();
  await inspect(page, "keyboard"); // last: for a picture of the whole page the window is small for a moment, and the focus gone
  await leave(page);
});

test("offline it says so, sends nothing, and goes on by itself", async () => {
  const page = await arrive("commuter");
  await page.goto("/markets/rain-on-saturday");
  await page.getByLabel("Credits to spend").fill("5");
  await page.getByRole("button", { name: "Buy YES", disabled: false }).waitFor();
  await page.context().setOffline(true);
  await page.getByText("You are offline").waitFor();
  await page.getByRole("button", { name: "Buy YES", disabled: true }).waitFor();
  expect(await page.locator(".figures-chance").innerText()).toMatch(/^\d+%$/);
  await inspect(page, "offline");
  await page.getByLabel("Credits to spend").fill("6"); // of which nobody can say what it buys, yet
  await page.waitForTimeout(500);
  await page.context().setOffline(false);
  await page.getByText("You are offline").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Buy YES", disabled: false }).click();
  await page.getByText(/^Bought/).waitFor();
  await leave(page);
});

test("where commas are decimal, commas are typed and read", async () => {
  const page = await arrive("greta", { locale: "de-DE" });
  await page.goto("/markets/rain-on-saturday");
  const quoted = page.waitForRequest("**/quotes");
  await page.getByLabel("Credits to spend").fill("12,5");
  expect((await quoted).postDataJSON()).toMatchObject({ spend: "12.5" });
  await page.getByRole("button", { name: "Buy YES", disabled: false }).click();
  await page.getByText("12,50 credits").first().waitFor();
  await leave(page);
});

test("a market's texts are only ever text", async () => {
  const name = `<img src=x onerror="document.title='owned'"><script>alert(1)</script> & "it's" {{7*7}} \u202E`;
  const creator = await Program.of("mallory");
  await creator.open("hostile", {
    name,
    description: "<style>*{display:none}</style>",
    rules: "</p><h1>owned</h1>",
    outcomes: ["__proto__", "<b>NO</b>", "W".repeat(40)],
    tags: ["constructor"],
  });
  const page = await arrive("victim", {
    viewport: { width: 360, height: 740 },
  });
  await page.goto("/markets/hostile");
  const bar = page.getByRole("group", { name: "Trade" });
  await bar.waitFor(); // until then the heading says that it loads
  const heading = page.getByRole("heading", { level: 1 });
  expect(await heading.innerText()).toBe(name);
  expect(await heading.evaluate((element) => getComputedStyle(element).unicodeBidi)).toBe("isolate");
  await bar.getByRole("button", { name: /^__proto__/ }).click();
  await page.getByLabel("Credits to spend").fill("10");
  await page.getByRole("button", { name: "Buy __proto__", disabled: false }).click();
  await page.getByText(/^Bought \d+\.\d+ shares of __proto__/).waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await expectNoSidewaysScroll(page);
  await inspect(page, "hostile");
  expect(await page.title()).toBe(`${name} · Hunch`.replace(/\s+/g, " "));
  await leave(page);
});

/** Presses Tab until the focus is on the control of that name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let pressed = 0; pressed < MOST_TABS; pressed++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const control = document.activeElement;
      const label = control instanceof HTMLInputElement ? control.labels?.[0]?.textContent : control?.textContent;
      return label ?? "";
    });
    if (focused.trim().startsWith(name)) {
      return;
    }
  }
  throw new Error(`no control called ${name} within ${MOST_TABS} tabs`);
}
