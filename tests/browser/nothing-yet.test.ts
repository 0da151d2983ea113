/** Before there is anything to see: a server that is new, and answers that take their time. */

import { beforeAll, test } from "vitest";

import { expectNoSidewaysScroll, inspect, leave, useBrowser, visit } from "./support/browser";
import { arrive } from "./support/people";
import { serve } from "./support/server";

useBrowser();

let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  server = await serve({ isEmpty: true });
  return () => server.stop();
});

test("the first visit to a server with nothing in it says what there will be, and how", async () => {
  const page = await visit("/", { baseURL: server.url });
  await page.getByText("No market is open").waitFor();
  await inspect(page, "first-visit");
  await page.getByRole("link", { name: "Ask the first question" }).click();
  await page.getByRole("heading", { level: 1, name: "Create a market" }).waitFor();
  await leave(page);
});

test.each([
  ["portfolio", "You hold nothing yet"],
  ["admin", "Nothing waits"],
])("%s with nothing in it", async (name, words) => {
  const page = await arrive("first", { isAdmin: true, baseURL: server.url });
  await page.goto(`/${name}`);
  await page.getByText(words).waitFor();
  await inspect(page, `first-${name}`);
  await leave(page);
});

test.each([
  ["markets", "/", ".market-row"],
  ["market", "/markets/rain-on-saturday", ".price-chart canvas"],
])("until the answers come, something stands in for %s", async (name, path, landmark) => {
  const page = await visit("about:blank");
  let come: () => void = () => undefined;
  const answers = new Promise<void>((resolve) => {
    come = resolve;
  });
  await page.route("**/v1/**", async (route) => {
    await answers;
    await route.continue();
  });
  await page.goto(path);
  await page.getByRole("main").locator(".skeleton").first().waitFor();
  await expectNoSidewaysScroll(page);
  await inspect(page, `loading-${name}`);
  come();
  await page.locator(landmark).first().waitFor();
  await page.getByRole("main").locator(".skeleton").first().waitFor({ state: "detached" });
  await leave(page);
});
