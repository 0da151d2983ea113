/** Coming in by an invitation, and letting a program in. */

import { expect, inject, test } from "vitest";

import { inspect, leave, useBrowser, visit } from "./support/browser";
import { arrive } from "./support/people";

useBrowser();

test("whoever has the link comes in, and the link leaves the address", async () => {
  const admin = await arrive("host", { isAdmin: true });
  await admin.getByRole("link", { name: "Admin" }).click();
  await admin.getByRole("tab", { name: "Invitations" }).click();
  await admin.getByRole("button", { name: "Invite" }).click();
  await admin.getByRole("img", { name: "Code to scan" }).first().waitFor();
  await inspect(admin, "invitations");
  await admin.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await admin.getByRole("button", { name: "Copy the link" }).first().click();
  await admin.getByRole("button", { name: "Copied" }).waitFor();
  const link = new URL(await admin.evaluate(() => navigator.clipboard.readText()));

  const guest = await visit(link.pathname + link.hash);
  await guest.getByLabel("Name").fill("Grace Hopper");
  expect(guest.url()).not.toContain(link.hash);
  await guest.getByRole("button", { name: "Join" }).click();
  await guest.locator(".balance").getByText("1,000.00").waitFor();
  await guest.locator(".balance").getByText("Grace Hopper").waitFor();

  await admin.reload();
  await admin.getByRole("tab", { name: "Invitations" }).click();
  await admin.getByText("Who came in").first().click();
  await admin.locator(".admitted").getByText("Grace Hopper").waitFor();
  await inspect(admin, "who-came-in");
  await leave(admin, guest);
});

test("a key works until it is revoked", async () => {
  const page = await arrive("maker");
  await page.goto("/api-keys");
  await page.getByLabel("What it is for").fill("My forecaster");
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = await page.locator(".notice code").innerText();
  const answer = () =>
    fetch(`${inject("url")}/v1/portfolio`, {
      headers: { Authorization: `Key ${key}` },
    });
  expect((await answer()).status).toBe(200);
  await inspect(page, "new-key");
  await page.getByRole("button", { name: "Revoke …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("You have no keys yet").waitFor();
  expect((await answer()).status).toBe(401);
  await leave(page);
});
