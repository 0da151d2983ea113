/** Coming in by an invitation, and letting a program in. */

import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";

import { inspect, leave, useBrowser, visit } from "./support/browser";
import { arrive, Program } from "./support/people";

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

test("people are renamed by themselves and by admins, and a new link brings somebody back in", async () => {
  const admin = await Program.of("registrar", ["admin"]);
  const { url } = await admin.post("/v1/invitations", { count: 1, expires_at: "2999-01-01T00:00:00Z" });
  const { pathname, hash } = new URL(String(url));
  const guest = await visit(pathname + hash);
  await guest.getByLabel("Name").fill("Sofja Kowalewskaja");
  await guest.getByRole("button", { name: "Join" }).click();
  await guest.locator(".balance").getByText("Sofja Kowalewskaja").waitFor();
  await guest.goto("/people/sofja-kowalewskaja");
  await rename(guest, "Change my name …", "Софья Ковалевская");
  await guest.getByRole("heading", { name: "Софья Ковалевская", level: 1 }).waitFor();
  await guest.locator(".balance").getByText("Софья Ковалевская").waitFor();

  const page = await arrive("registrar", { isAdmin: true });
  await page.goto("/admin?tab=people");
  await page.getByLabel("Find people").fill("sofja");
  await rename(page, "Rename … Софья Ковалевская", "  Sonja  ");
  await page.getByRole("button", { name: "Sign-in link … Sonja" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  await dialog.getByRole("img", { name: "Code to scan for Sonja" }).waitFor();
  await inspect(page, "sign-in-link-made");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog.getByRole("button", { name: "Copy the link" }).click();
  await dialog.getByRole("button", { name: "Copied" }).waitFor();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));

  const elsewhere = await visit(link.pathname + link.hash);
  await elsewhere.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await elsewhere.locator(".balance").getByText("Sonja").waitFor();
  const late = await visit(link.pathname + link.hash);
  await late.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await late.getByRole("alert").waitFor();
  expect(await late.locator(".balance").count()).toBe(0);
  await leave(page, guest, elsewhere, late);
});

async function rename(page: Page, button: string, name: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Rename" }).click();
  await dialog.waitFor({ state: "detached" });
}

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
