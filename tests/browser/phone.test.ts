/** On a phone: the outcomes stay at the lower edge, and a sheet has all that a trade needs, without scrolling. */

import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";

import { expectNoSidewaysScroll, inspect, leave, useBrowser } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

const PHONE = { viewport: { width: 360, height: 740 } };
const TEAMS = Array.from({ length: 20 }, (_, index) => `Team ${index + 1} of the north and south league`);
const FAVOURITE = TEAMS[13] ?? "";

beforeAll(async () => {
  const creator = await Program.of("league");
  await creator.open("league", { name: "Which team wins the league?", outcomes: TEAMS, liquidity: "60" });
  await (await Program.of("fan")).buy("league", FAVOURITE, "40");
});

test("the outcomes are at the lower edge, and the sheet has the button in sight", async () => {
  const page = await arrive("pupil", PHONE);
  await page.goto("/markets/rain-on-saturday");
  const bar = page.getByRole("group", { name: "Trade" });
  await bar.getByRole("button", { name: /^NO/ }).waitFor();
  await expectInSight(page, ".trade-bar");

  await bar.getByRole("button", { name: /^NO/ }).click();
  const sheet = page.getByRole("dialog");
  expect(await sheet.getByRole("radio", { name: /^NO/ }).isChecked()).toBe(true);
  await sheet.getByLabel("Credits to spend").fill("10");
  await sheet.getByRole("button", { name: "Buy NO", disabled: false }).waitFor();
  await expectInSight(page, ".button-large");
  await inspect(page, "phone-sheet");
  await sheet.getByRole("button", { name: "Buy NO" }).click();
  await sheet.getByText(/^Bought/).waitFor();
  await sheet.getByRole("button", { name: "Close" }).click();
  await page.getByRole("heading", { name: "Your position" }).waitFor();
  await expectInSight(page, ".trade-bar");
  await leave(page);
});

test("of twenty outcomes the likeliest comes first, each in a colour of its own", async () => {
  const page = await arrive("coach", PHONE);
  await page.goto("/markets/league");
  const bar = page.getByRole("group", { name: "Trade" });
  await bar.getByRole("button").first().waitFor();
  expect(await bar.getByRole("button").first().innerText()).toContain(FAVOURITE);
  const colours = await bar
    .getByRole("button")
    .evaluateAll((buttons) => buttons.map((button) => getComputedStyle(button).backgroundColor));
  expect(new Set(colours).size).toBe(TEAMS.length);
  await expectNoSidewaysScroll(page);
  await inspect(page, "phone-twenty");

  await bar.getByRole("button").nth(8).click();
  const chosen = await page.locator(".outcomes input:checked").evaluate((radio) => {
    const { top, bottom } = radio.getBoundingClientRect();
    const list = radio.closest(".outcomes")?.getBoundingClientRect();
    return list !== undefined && top >= list.top && bottom <= list.bottom;
  });
  expect(chosen).toBe(true);
  await inspect(page, "phone-twenty-sheet");
  await leave(page);
});

test("a purchase up to a chance ends there, or where the credits do", async () => {
  const page = await arrive("measured");
  await page.goto("/markets/league");
  await page.getByRole("button", { name: "To … %" }).click();
  await page.getByLabel("Buy until the chance is").fill("80");
  await page.getByText("→ 80.0%").waitFor();
  await page.getByRole("button", { name: `Buy ${FAVOURITE}` }).click();
  await page.getByText(/^Bought/).waitFor();
  const { outcomes } = await (await Program.of("measured")).get("/v1/markets/league");
  const favourite = (outcomes as { name: string; price: string }[]).find(({ name }) => name === FAVOURITE);
  expect(Number(favourite?.price)).toBeCloseTo(0.8, 5);
  await leave(page);
});

/** The element is in the window as a whole, at the lower edge of it or above. */
async function expectInSight(page: Page, selector: string): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  expect(box).not.toBeNull();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(740.5);
  expect(box?.y).toBeGreaterThan(0);
}
