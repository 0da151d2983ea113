/** A class on a LAN: plain http on a host name, which browsers give no secure context, from the first command to the payout. */

import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";

import { expectNoSidewaysScroll, inspect, LAN_NAME, leave, useBrowser, visit } from "./support/browser";
import { serveClass } from "./support/server";

useBrowser();

const PHONE = { viewport: { width: 360, height: 740 } };
const QUESTION = "Will the school bus be late?";
const SLUG = "will-the-school-bus-be-late";

let server: Awaited<ReturnType<typeof serveClass>>;

beforeAll(async () => {
  server = await serveClass(LAN_NAME);
  return () => server.stop();
});

test("a class comes in, trades, and is paid", async () => {
  const teacher = await join(server.invitation, "Łukasz");
  expect(await teacher.evaluate(() => [isSecureContext, "randomUUID" in crypto])).toEqual([false, false]);
  const invitation = await invite(teacher);
  await ask(teacher);
  await share(teacher);

  const pupils = [await join(invitation, "Zoë", PHONE), await join(invitation, "Ada", PHONE)];
  for (const [index, pupil] of pupils.entries()) {
    await buy(pupil, index === 0 ? "YES" : "NO");
  }
  await resolve(teacher);
  for (const pupil of pupils) {
    await pupil.getByText("Each share of it paid one credit").waitFor();
    await expectNoSidewaysScroll(pupil);
  }
  await inspect(teacher, "lan-resolved");
  await expect.poll(() => balanceOf(pupils[0])).toBeGreaterThan(1000);
  await expect.poll(() => balanceOf(pupils[1])).toBeLessThan(1000);
  await signOut(pupils[1] ?? teacher);
  await leave(teacher, ...pupils);
});

/** There is nothing to share with and no clipboard but by a selection; what was copied can be pasted all the same. */
async function share(page: Page): Promise<void> {
  expect(await page.evaluate(() => ["share" in navigator, "clipboard" in navigator])).toEqual([false, false]);
  await page.getByRole("button", { name: "Copy the link" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  await page.getByRole("link", { name: "Markets", exact: true }).click();
  await page.getByLabel("Search markets").focus();
  await page.keyboard.press("ControlOrMeta+V");
  expect(await page.getByLabel("Search markets").inputValue()).toBe(`${server.url}/markets/${SLUG}`);
  await page.goto(`/markets/${SLUG}`);
}

/** Whoever came by an invitation is asked before they go, and stays when they say so. */
async function signOut(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog");
  const words = dialog.getByText(/Your personal link|There is no way back/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await words.waitFor();
  await inspect(page, "lan-sign-out");
  await dialog.getByRole("button", { name: "Stay" }).click();
  await page.reload();
  await page.locator(".balance").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await words.waitFor();
  await dialog.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Sign in", exact: true }).waitFor();
}

/** Somebody who opens an invitation, reloads before they have finished, and joins. */
async function join(link: string, name: string, options = {}): Promise<Page> {
  const { pathname, hash } = new URL(link);
  const page = await visit(pathname + hash, {
    baseURL: server.url,
    ...options,
  });
  await page.getByLabel("Name").fill(name);
  await page.reload();
  expect(await page.getByLabel("Name").inputValue()).toBe(name);
  expect(page.url()).not.toContain(hash);
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByRole("heading", { name: /^You are in/ }).waitFor();
  await page.locator(".balance").getByText("1,000.00").waitFor();
  return page;
}

async function invite(page: Page): Promise<string> {
  await page.getByRole("link", { name: "Admin" }).click();
  await page.getByRole("tab", { name: "Invitations" }).click();
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await page.getByRole("img", { name: "Code to scan" }).first().waitFor();
  await page.getByRole("button", { name: "Copy the link" }).first().click();
  await page.getByRole("button", { name: "Copied" }).waitFor(); // there is no clipboard but by a selection here
  const links = await page.evaluate(
    async (token) => {
      const response = await fetch("/v1/invitations", {
        headers: { Authorization: `Bearer ${token}` },
      });
      return (
        (await response.json()) as {
          invitations: { url: string; count: number }[];
        }
      ).invitations;
    },
    await tokenOf(page),
  );
  return links.find(({ count }) => count > 1)?.url ?? "";
}

async function tokenOf(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      (
        JSON.parse(localStorage.getItem("hunch.session") ?? "{}") as {
          token: string;
        }
      ).token,
  );
}

async function ask(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Create", exact: true }).click();
  await page.getByRole("textbox", { name: "Question" }).fill(QUESTION);
  await page.getByRole("textbox", { name: "Tags" }).fill("Not a tag");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("At most ten tags").waitFor();
  await page.getByRole("textbox", { name: "Tags" }).fill("school");
  await page.reload();
  expect(await page.getByRole("textbox", { name: "Question" }).inputValue()).toBe(QUESTION);
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByRole("button", { name: "Publish …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await page.getByText("Open", { exact: true }).waitFor();
}

async function buy(page: Page, outcome: string): Promise<void> {
  await page.goto(`/markets/${SLUG}`);
  const bar = page.getByRole("group", { name: "Trade" });
  await bar.getByRole("button", { name: new RegExp(`^${outcome}`) }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Credits to spend").fill("12,5");
  await sheet.getByRole("button", { name: `Buy ${outcome}`, disabled: false }).click();
  await sheet.getByText(/^Bought/).waitFor();
  await sheet.getByRole("button", { name: "Close" }).click();
}

async function resolve(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Resolve …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /^YES/ }).check();
  await dialog.getByRole("button", { name: "Resolve to YES" }).click();
  await page.getByText("Each share of it paid one credit").waitFor();
}

async function balanceOf(page: Page | undefined): Promise<number> {
  return Number((await page?.locator(".balance strong").innerText())?.replace(",", ""));
}
