/** A room full of people: the scoreboard, the invitation on the wall, and what admins do for people. */

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { inspect, leave, useBrowser } from "./support/browser";
import { arrive } from "./support/people";

useBrowser();

const PEOPLE = [
  { account: "lukasz", name: "Łukasz Żółć", balance: "1200.500000", suspended: false },
  { account: "lilei", name: "李雷", balance: "1100.000000", suspended: false },
  { account: "muhammad", name: "محمد علي", balance: "990.000000", suspended: true },
].map((person) => ({ ...person, created_at: "2026-11-01T08:00:00.000000Z" }));

/** Answers of a server that knows these people, whoever else is on the one of the tests. */
async function withPeople(page: Page): Promise<void> {
  const leaderboard = PEOPLE.map((person, index) => ({
    ...person,
    rank: index + 1,
    markets: 4,
    profit: "12.000000",
    bought: "100.000000",
    points: `${200 - index * 50}.400000`,
    brier: null,
  }));
  await page.route("**/v1/people?*", (route) => route.fulfill({ json: { people: PEOPLE, cursor: null } }));
  await page.route("**/v1/leaderboard?*", (route) =>
    route.fulfill({ json: { leaderboard, cursor: null, period: "all", by: "points" } }),
  );
}

test("the scoreboard has who leads, what the markets say, and the code to join", async () => {
  const page = await arrive("teacher", { isAdmin: true });
  await withPeople(page);
  await page.goto("/admin?tab=invitations");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("img", { name: "Code to scan" }).first().waitFor();
  await page.goto("/board");
  await page.getByRole("list", { name: "Who leads" }).getByText("Łukasz Żółć").waitFor();
  expect(await page.locator(".board-leaders li").first().innerText()).toContain("+200");
  await page.getByRole("list", { name: "What the markets say" }).getByRole("listitem").first().waitFor();
  await page.getByText("0 of 30 are in").waitFor();
  expect(await page.getByRole("navigation", { name: "Main" }).count()).toBe(0);
  await inspect(page, "board-full");
  await leave(page);
});

test("an invitation fills the screen and counts who is in", async () => {
  const page = await arrive("teacher", { isAdmin: true });
  await page.goto("/admin?tab=invitations");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("link", { name: "Full screen" }).first().click();
  await page.getByRole("img", { name: "Code to scan to join" }).waitFor();
  await page.getByText("0 of 30 are in").waitFor();
  await inspect(page, "invitation-screen");
  await leave(page);
});

test("admins find people by name, and take them away as a file", async () => {
  const page = await arrive("teacher", { isAdmin: true });
  await withPeople(page);
  await page.goto("/admin?tab=people");
  await page.getByRole("heading", { name: "3 people" }).waitFor();
  await inspect(page, "people");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  expect((await downloading).suggestedFilename()).toBe("people.csv");
  await page.getByLabel("Find people").fill("雷");
  expect(await page.locator(".people tbody tr").count()).toBe(1);
  await leave(page);
});

test("credits for everyone are one grant for each, and going on after a lost answer gives nobody two", async () => {
  const page = await arrive("teacher", { isAdmin: true });
  await withPeople(page);
  const given: string[] = [];
  await page.route("**/v1/accounts/*/grants", async (route) => {
    const account = new URL(route.request().url()).pathname.split("/")[3] ?? "";
    given.push(`${account} ${(await route.request().headerValue("Idempotency-Key")) ?? ""}`);
    await (given.length === 2
      ? route.abort()
      : route.fulfill({ status: 201, json: { id: "1", kind: "grant", amount: "5.000000" } }));
  });
  await page.goto("/admin?tab=people");
  await page.getByRole("button", { name: "Grant to everyone" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Credits for each").fill("5");
  await dialog.getByLabel("Reason").fill("A fresh start");
  await dialog.getByRole("button", { name: "Grant" }).click();
  await dialog.getByText("Not everybody has got theirs yet").waitFor();
  await dialog.getByRole("button", { name: "Go on" }).click();
  await dialog.waitFor({ state: "detached" });
  expect(new Set(given).size).toBe(PEOPLE.length);
  await leave(page);
});

test("whoever is no admin sees none of an admin's forms", async () => {
  const page = await arrive("pupil");
  await page.goto("/admin");
  await page.getByText("This is for admins").waitFor();
  expect(await page.getByRole("tab").count()).toBe(0);
  await leave(page);
});
