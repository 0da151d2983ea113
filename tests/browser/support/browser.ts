/** Chromium, and pages in it that must never fail quietly. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import axe, { type AxeResults } from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject } from "vitest";

/** A host name that browsers give no secure context. */
export const LAN_NAME = "hunch.lan";

const ARTEFACTS = join(import.meta.dirname, "..", "artefacts");
/** Parts of Chromium's own window that load hundreds of scripts beside every new page, though nobody sees that window. */
const WINDOW_PARTS = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "PreloadTopChromeWebUI"];
/** What Playwright switches off, which our own list would otherwise replace. */
const SWITCHED_OFF = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
];
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${[...SWITCHED_OFF, ...WINDOW_PARTS].join(",")}`,
  // A name of a machine on a LAN, which is no secure context over plain http; the traffic stays on this machine.
  `--host-resolver-rules=MAP ${LAN_NAME} 127.0.0.1`,
];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let browser: Browser;

/** Starts a browser for the tests of a file, and ends it after them. */
export function useBrowser(): void {
  beforeAll(async () => {
    await mkdir(ARTEFACTS, { recursive: true });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ARGUMENTS,
    });
  });
  afterAll(async () => {
    await browser.close();
  });
}

/** What went wrong on a page without anybody seeing it. */
const failures = new WeakMap<Page, string[]>();

/** A page of a visitor of their own: no cookies, no storage, nothing shared. */
export async function visit(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    baseURL: inject("url"),
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const failed: string[] = [];
  failures.set(page, failed);
  page.on("pageerror", (error) => failed.push(String(error)));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) {
      failed.push(message.text());
    }
  });
  await page.goto(path);
  return page;
}

/** Ends a visit; nothing may have failed during it. */
export async function leave(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    expect(failures.get(page)).toEqual([]);
    await page.context().close();
  }
}

/** Keeps a screenshot of the whole page as it is, and holds the page to what axe knows of accessibility. */
export async function inspect(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({
    path: join(ARTEFACTS, `${name}.png`),
    fullPage: true,
  });
  await page.evaluate(axe.source);
  const results = await page.evaluate<AxeResults, string[]>(
    (rules) => (window as unknown as { axe: typeof axe }).axe.run({ runOnly: rules }),
    RULES,
  );
  const found = results.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  expect(found, name).toEqual([]);
}

/** Nothing may reach beyond the sides of the window, or of a part of the page. */
export async function expectNoSidewaysScroll(page: Page, part = "html"): Promise<void> {
  const overhang = await page.locator(part).evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(overhang).toBeLessThanOrEqual(0);
}
