/** Every page as people see it: in daylight, in the dark and on a small screen; axe finds nothing, nothing moves. */

import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";

import { expectNoSidewaysScroll, inspect, leave, useBrowser } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: {},
  dark: { colorScheme: "dark", reducedMotion: "reduce" },
  narrow: { viewport: { width: 360, height: 740 } },
};

/** Where a page is, and something that is there once it is complete. */
const PAGES: Readonly<Record<string, { path: string; landmark: string }>> = {
  markets: { path: "/", landmark: ".market-row .sparkline >> nth=3" },
  "markets-empty": {
    path: "/?q=no+such+question",
    landmark: "text=Nothing matches",
  },
  market: {
    path: "/markets/rain-on-saturday",
    landmark: ".price-chart canvas",
  },
  "market-of-four": {
    path: "/markets/chess-final",
    landmark: ".price-chart canvas",
  },
  "market-resolved": {
    path: "/markets/first-snow",
    landmark: ".price-chart canvas",
  },
  "market-untraded": {
    path: "/markets/untraded",
    landmark: "text=Nobody has traded yet",
  },
  "market-missing": {
    path: "/markets/none",
    landmark: "text=no market at this address",
  },
  "market-draft": { path: "/markets/drafted", landmark: "text=A draft" },
  edit: { path: "/markets/drafted/edit", landmark: "text=Save the changes" },
  create: { path: "/create", landmark: "text=subsidy of" },
  portfolio: { path: "/portfolio", landmark: ".positions" },
  admin: { path: "/admin", landmark: "text=Waiting for an outcome" },
  "admin-credits": { path: "/admin?tab=credits", landmark: "text=Grant credits" },
  "admin-people": { path: "/admin?tab=people", landmark: ".people, .notice-bad" },
  leaderboard: { path: "/leaderboard", landmark: ".card table, .empty, .notice-bad" },
  board: { path: "/board", landmark: ".board-markets li" },
  "market-screen": { path: "/markets/chess-final/screen", landmark: ".price-chart canvas" },
  "sign-in": { path: "/sign-in", landmark: "text=On this machine" },
  "api-keys": { path: "/api-keys", landmark: "text=A new key" },
  invitation: { path: "/invitation#token", landmark: "text=Choose the name" },
  problem: {
    path: "/problems/insufficient-funds",
    landmark: "text=What to do",
  },
  nowhere: { path: "/nowhere", landmark: "text=no page at this address" },
};

/** How far things may have moved in all, as browsers count it; 0.1 is what counts as good. */
const STEADY = 0.02;

beforeAll(async () => {
  const creator = await Program.of("cleo");
  await creator.open("untraded", { name: "Will anybody trade on this?" });
  const trader = await Program.of("inspector");
  await trader.post("/v1/markets", {
    slug: "drafted",
    name: "Will this be asked?",
    tags: ["draft"],
  });
  await trader.buy("rain-on-saturday", "YES", "40");
  await trader.buy("chess-final", "Vera", "25");
});

describe.each(Object.entries(LOOKS))("%s", (look, options) => {
  let page: Page;

  beforeAll(async () => {
    page = await arrive("inspector", { isAdmin: true, ...options });
    await page.addInitScript(countShifts);
    return () => leave(page);
  });

  test.each(Object.entries(PAGES))("%s", async (name, { path, landmark }) => {
    await page.goto(path);
    await page.locator(landmark).first().waitFor();
    const { shifts, moved } = await page.evaluate(() => {
      const counted = window as unknown as Shifts;
      return { shifts: counted.shifts, moved: counted.moved };
    });
    expect(shifts, moved.join("\n")).toBeLessThan(STEADY);
    await expectNoSidewaysScroll(page);
    await inspect(page, `${name}-${look}`);
  });
});

/** How far things have moved by themselves, and which. */
interface Shifts {
  shifts: number;
  moved: string[];
}

/** Adds up in the page how far things move by themselves. */
function countShifts(): void {
  const counted = window as unknown as Shifts;
  counted.shifts = 0;
  counted.moved = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries() as unknown as {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
    }[]) {
      counted.shifts += shift.hadRecentInput ? 0 : shift.value;
      for (const { node, previousRect, currentRect } of shift.sources) {
        const name = node instanceof Element ? `${node.tagName}.${node.className}` : (node?.textContent ?? "gone");
        counted.moved.push(`${name}: ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`);
      }
    }
  }).observe({ type: "layout-shift", buffered: true });
}
