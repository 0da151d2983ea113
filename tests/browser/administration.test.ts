/** What only admins do: grant credits, call a market off, let people trade again; each after being asked once more. */

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { expectNoSidewaysScroll, inspect, leave, useBrowser } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

const RAINY = "Will the picnic take place?";
const EARLY = "Will the train be on time?";

test("an admin grants credits, voids a market and reopens another", async () => {
  const organizer = await Program.of("organizer");
  await organizer.open("picnic", { name: RAINY });
  await organizer.open("train", { name: EARLY });
  await organizer.post("/v1/markets/train/close");
  const guest = await Program.of("guest");
  await guest.buy("picnic", "YES", "40");

  const admin = await arrive("warden", { isAdmin: true });
  await grant(admin);
  expect(await guest.get("/v1/portfolio")).toMatchObject({
    balance: "972.500000",
  });
  await reopen(admin);
  await guest.buy("train", "YES", "1");
  await callOff(admin);
  await expect.poll(() => guest.get("/v1/portfolio")).toMatchObject({ balance: "1011.500000" });
  await leave(admin);
});

test("an admin forgets somebody, who is gone from the page by name and by word", async () => {
  const host = await Program.of("host");
  await host.open("outing", { name: "Will the outing take place?" });
  const zoe = await Program.of("zoe");
  await zoe.patch("/v1/accounts/zoe", { name: "Zoë Quiet" });
  await zoe.post("/v1/markets/outing/comments", { text: "I shall be there." });
  const admin = await arrive("sexton", { isAdmin: true });
  await admin.goto("/admin");
  await admin.getByRole("tab", { name: "People" }).click();
  await admin.getByRole("button", { name: "Forget … Zoë Quiet" }).click();
  const dialog = admin.getByRole("dialog");
  const forget = dialog.getByRole("button", { name: "Forget for good" });
  expect(await forget.isDisabled()).toBe(true);
  await dialog.getByLabel("Type zoe to go on").fill("zoe");
  await inspect(admin, "forgetting");
  await forget.click();
  await dialog.getByText("comments (1)").waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = admin.getByRole("row").filter({ hasText: "zoe" });
  await row.getByText("forgotten").waitFor();
  expect(await row.getByRole("button").count()).toBe(0);
  expect(await admin.getByText("Zoë Quiet").count()).toBe(0);
  await admin.goto("/markets/outing?tab=comments");
  await admin.getByText("Nobody has said anything yet").waitFor();
  await leave(admin);
});

test("an admin finds somebody without their accents and signs them out everywhere, but never shuts themselves out", async () => {
  const lost = await Program.of("lukasz");
  await lost.patch("/v1/accounts/lukasz", { name: "Łukasz Żółw" });
  const admin = await arrive("porter", { isAdmin: true });
  await admin.goto("/admin");
  await admin.getByRole("tab", { name: "People" }).click();
  const rows = admin.getByRole("row").filter({ has: admin.getByRole("button") });
  await admin.getByLabel("Find people").fill("PORTER");
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.getByRole("button").allInnerTexts()).toEqual(["Rename …", "Sign-in link …"]);
  await admin.getByLabel("Find people").fill("zolw Lukasz");
  await admin.setViewportSize({ width: 360, height: 740 });
  await inspect(admin, "people-phone");
  await expectNoSidewaysScroll(admin, ".scroller");
  await admin.getByRole("button", { name: "Sign out … Łukasz Żółw" }).click();
  const dialog = admin.getByRole("dialog");
  await inspect(admin, "signing-out");
  await dialog.getByRole("button", { name: "Sign out everywhere" }).click();
  await dialog.getByRole("heading", { name: "Łukasz Żółw is signed out" }).waitFor();
  await expect(lost.get("/v1/portfolio")).rejects.toThrow("unauthenticated");
  await dialog.getByRole("button", { name: "Sign-in link …" }).click();
  await dialog.getByRole("heading", { name: "A way back in for Łukasz Żółw?" }).waitFor();
  await leave(admin);
});

async function grant(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Admin" }).click();
  await page.getByRole("tab", { name: "Credits" }).click();
  await page.getByLabel("Account").fill("guest");
  await page.getByRole("textbox", { name: "Credits" }).fill("12.5");
  await page.getByLabel("Reason").fill("Won the quiz");
  await page.getByRole("button", { name: "Grant …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("12.50 credits").waitFor();
  await inspect(page, "granting");
  const grants = "**/v1/accounts/guest/grants";
  await page.route(grants, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await dialog.getByRole("button", { name: "Grant" }).click();
  await dialog.getByText("Hunch cannot be reached").waitFor();
  await page.unroute(grants);
  await page.reload();
  await page.getByText("12.50 credits for guest.").waitFor();
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByText("guest got 12.50 credits.").waitFor();
}

async function reopen(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Markets" }).click();
  await page.getByRole("link", { name: EARLY }).click();
  await page.getByRole("button", { name: "Reopen …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Until").fill("2099-12-31T12:00");
  await inspect(page, "reopening");
  await dialog.getByRole("button", { name: "Reopen" }).click();
  await page.getByText("Open", { exact: true }).waitFor();
}

async function callOff(page: Page): Promise<void> {
  await page.goto("/markets/picnic");
  await page.getByRole("button", { name: "Void …" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByRole("button", { name: "Void the market" }).isDisabled()).toBe(true);
  await dialog.getByLabel("Reason").fill("It rained: https://example.org/rain.");
  await inspect(page, "voiding");
  await dialog.getByRole("button", { name: "Void the market" }).click();
  await page.getByRole("heading", { name: "Voided" }).waitFor();
  const evidence = page.getByRole("link", { name: "https://example.org/rain", exact: true });
  expect(await evidence.getAttribute("href")).toBe("https://example.org/rain");
  await inspect(page, "voided");
}
