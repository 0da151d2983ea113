/** How long until people can use it, against a page of the same server that has nothing to load. */

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { leave, useBrowser, visit } from "./support/browser";

useBrowser();

const TIMES = 7;
const MOST_TIMES_AS_LONG = 6;

test("time to interactive, as a ratio to a static page", async () => {
  const still = await median(() => time("/icon.svg", (page) => page.locator("svg").first().waitFor()));
  const live = await median(() => time("/", (page) => page.locator(".market-row").first().click({ trial: true })));
  const ratio = live / still;
  console.info(
    `Time to interactive: ${live.toFixed(0)} ms, ${ratio.toFixed(1)} times a static page's ${still.toFixed(0)} ms.`,
  );
  expect(ratio).toBeLessThan(MOST_TIMES_AS_LONG);
});

async function time(path: string, isReady: (page: Page) => Promise<void>): Promise<number> {
  const page = await visit("about:blank");
  const start = performance.now();
  await page.goto(path, { waitUntil: "commit" });
  await isReady(page);
  const taken = performance.now() - start;
  await leave(page);
  return taken;
}

async function median(measure: () => Promise<number>): Promise<number> {
  const taken: number[] = [];
  for (let run = 0; run < TIMES; run++) {
    taken.push(await measure());
  }
  return taken.sort((one, other) => one - other)[Math.floor(TIMES / 2)] ?? 0;
}
