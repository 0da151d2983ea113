/** What stands in index.html until the code is there: the frame of the page that comes, and nothing of it moves then. */

import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";

import { expectNoSidewaysScroll, inspect, leave, useBrowser, visit } from "./support/browser";
import { Program } from "./support/people";

useBrowser();

const LOOKS: readonly [string, BrowserContextOptions][] = [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["phone", { viewport: { width: 390, height: 844 } }],
];

/** What is in the frame and on the page: its links, its headings, and how high what is between them is. */
function places(): readonly (readonly [string, number, number, number, number])[] {
  const wanted = ".header, .brand, .navigation a, .row-apart .button, h1, h2:not(li h2)";
  return Array.from(document.querySelectorAll(wanted))
    .filter((thing) => thing.getClientRects().length > 0)
    .map((thing) => {
      const { x, y, width, height } = thing.getBoundingClientRect();
      return [thing.matches(".header") ? "" : thing.textContent.trim(), x, y, width, height] as const;
    });
}

async function withoutCode(page: Page, path: string): Promise<void> {
  await page.route("**/assets/*.js", (route) => route.abort());
  await page.goto(path);
  await page.locator(".early").waitFor();
}

/** The mark beside the name, as it is drawn: the frame has its own copy of it. */
function mark(): string {
  return document.querySelector(".brand svg")?.outerHTML.replace(/>\s+</g, "><") ?? "";
}

test.each(LOOKS)("the list's frame is where the list will be, %s", async (look, options) => {
  const page = await visit("about:blank", options);
  await withoutCode(page, "/");
  const frame = await page.evaluate(places);
  const drawn = await page.evaluate(mark);
  await expectNoSidewaysScroll(page);
  await inspect(page, `frame-${look}`);
  await page.unroute("**/assets/*.js");
  await page.goto("/");
  await page.locator(".market-row").first().waitFor();
  expect(frame.length).toBeGreaterThan(7);
  expect(await page.evaluate(places)).toEqual(frame);
  expect(drawn).toContain("<path");
  expect(await page.evaluate(mark)).toBe(drawn);
  await leave(page);
});

test("an admin's frame has an admin's links, and what fills the screen has none", async () => {
  const { token } = await Program.of("framer", ["admin"]);
  const page = await visit("/problems/not-found");
  await page.evaluate(
    (text) => {
      localStorage.setItem("hunch.session", text);
    },
    JSON.stringify({ token, account: "framer", name: "framer", isAdmin: true }),
  );
  await withoutCode(page, "/portfolio");
  expect(await page.locator(".navigation a:visible").allInnerTexts()).toEqual([
    ..."Markets Portfolio Leaderboard Create Admin".split(" "),
  ]);
  expect(await page.getByText("Sign in").isVisible()).toBe(false);
  const { height } = (await page.locator(".header").boundingBox()) ?? {};
  await page.unroute("**/assets/*.js");
  await page.goto("/portfolio");
  await page.locator(".balance").waitFor();
  expect((await page.locator(".header").boundingBox())?.height).toBe(height);

  await page.route("**/assets/*.js", (route) => route.abort());
  await page.goto("/board");
  expect(await page.locator("body").innerText()).toBe("");
  await leave(page);
});
