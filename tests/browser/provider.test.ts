/** Signing in with an OpenID provider: authorization code with PKCE, from the page to the provider and back. */

import { afterAll, beforeAll, expect, test } from "vitest";

import { inspect, leave, useBrowser, visit } from "./support/browser";
import { Issuer } from "./support/issuer";
import { serve } from "./support/server";

useBrowser();

const issuer = new Issuer("hunch-page", { sub: "grace", groups: ["admin"] });
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  await issuer.start();
  server = await serve({
    settings: {
      HUNCH_OIDC_ISSUER: issuer.url,
      HUNCH_OIDC_AUDIENCE: `${issuer.clientId} bots`,
    },
  });
});

afterAll(async () => {
  await server.stop();
  await issuer.stop();
});

test("out to the provider, back to the market, and gone again", async () => {
  const page = await visit("/markets/rain-on-saturday", {
    baseURL: server.url,
  });
  await page.getByRole("link", { name: "Sign in to trade" }).click();
  await page.getByText(`You are sent to ${new URL(issuer.url).host}`).waitFor();
  expect(await page.getByLabel("Name").count()).toBe(0);
  await inspect(page, "sign-in-provider");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("link", { name: "Agree" }).click();

  await page.getByRole("heading", { level: 1, name: "Will it rain" }).waitFor();
  expect(new URL(page.url()).search).toBe("");
  await page.locator(".balance").getByText("grace").waitFor();
  await page.getByRole("link", { name: "Admin" }).waitFor();
  await page.getByLabel("Credits to spend").fill("5");
  await page.getByRole("button", { name: "Buy YES", disabled: false }).click();
  await page.getByText(/^Bought \d+\.\d+ shares of YES/).waitFor();
  await page.reload();
  await page.locator(".balance").getByText("grace").waitFor();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Sign in", exact: true }).waitFor();
  await page.goto("/portfolio");
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).waitFor();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  await leave(page);
});

test("who refuses at the provider is told so, and may try again", async () => {
  const page = await visit("/sign-in", { baseURL: server.url });
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("link", { name: "Refuse" }).click();
  await page.getByRole("alert").getByText("Signing in did not work").waitFor();
  await page.getByText("access_denied").waitFor();
  await inspect(page, "sign-in-refused");
  await page.getByRole("link", { name: "Try again" }).click();
  await page.getByRole("button", { name: "Continue" }).waitFor();
  await leave(page);
});

test("a code that somebody else asked for lets nobody in", async () => {
  const thief = await visit("/sign-in", { baseURL: server.url });
  await thief.getByRole("button", { name: "Continue" }).click();
  const link = (await thief.getByRole("link", { name: "Agree" }).getAttribute("href")) ?? "";
  const victim = await visit(link, { baseURL: server.url });
  await victim.getByRole("alert").getByText("Signing in did not work").waitFor();
  expect(await victim.evaluate(() => localStorage.length)).toBe(0);
  await leave(thief, victim);
});
