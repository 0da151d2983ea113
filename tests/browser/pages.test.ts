/** Every page as people see it: in daylight, in the dark, on a phone and on a LAN; axe finds nothing, nothing moves. */

import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, describe, expect, inject, test } from "vitest";

import { expectNoSidewaysScroll, inspect, LAN_NAME, leave, useBrowser, visit } from "./support/browser";
import { Program } from "./support/people";
import { freePort, serveInvited } from "./support/server";

useBrowser();

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: {},
  dark: { colorScheme: "dark", reducedMotion: "reduce" },
  phone: { viewport: { width: 390, height: 844 } },
  lan: { viewport: { width: 1024, height: 768 } },
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
  "market-voided": { path: "/markets/called-off", landmark: "text=Voided" },
  "market-of-twenty": { path: "/markets/corridor", landmark: ".price-chart canvas" },
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
  "admin-invitations": { path: "/admin?tab=invitations", landmark: ".qr-code" },
  "invitation-screen": { path: "/admin/invitations/INVITATION", landmark: ".qr-code" },
  person: { path: "/people/inspector", landmark: "main .card, main .facts" },
  "personal-link": { path: "/personal-link", landmark: "main .notice, main .personal-link, main .empty" },
  "sign-in-link": { path: "/sign-in/link#token", landmark: "text=It works once" },
  "sign-in-callback": { path: "/sign-in/callback", landmark: "text=Nobody signs in this way here" },
  leaderboard: { path: "/leaderboard", landmark: ".card table, .empty, .notice-bad" },
  board: { path: "/board", landmark: ".board-markets li" },
  "market-screen": { path: "/markets/chess-final/screen", landmark: ".price-chart canvas" },
  "sign-in": { path: "/sign-in", landmark: "main .card, main .empty" },
  "api-keys": { path: "/api-keys", landmark: "text=A new key" },
  webhooks: { path: "/webhooks", landmark: "text=A new webhook" },
  invitation: { path: "/invitation#token", landmark: "text=Choose the name" },
  problem: {
    path: "/problems/insufficient-funds",
    landmark: "text=What to do",
  },
  nowhere: { path: "/nowhere", landmark: "text=no page at this address" },
};

/** How far things may have moved in all, as browsers count it; 0.1 is what counts as good. */
const STEADY = 0.02;

interface Scene {
  readonly url: string;
  readonly admin: Program;
  readonly invitation: string;
}

let own: Scene;

beforeAll(async () => {
  own = await prepare(inject("url"), await Program.of("inspector", ["admin"]), () => Program.of("cleo"));
});

/** Prepares what there is to see: somebody's markets, and the inspector's own. */
async function prepare(url: string, admin: Program, creatorOf: (invitation: string) => Promise<Program>) {
  const invited = await admin.post("/v1/invitations", { count: 30, expires_at: "2999-01-01T00:00:00Z" });
  const creator = await creatorOf(String(invited.url));
  const doors = Array.from({ length: 20 }, (_, index) => `Door ${index + 1} of the long corridor`);
  await creator.open("untraded", { name: "Will anybody trade on this?" });
  await creator.open("corridor", { name: "At the end of which corridor is the cat?", outcomes: doors });
  await creator.open("called-off", { name: "Will the match on Sunday be played?" });
  await creator.buy("corridor", doors[6] ?? "", "30");
  await admin.post("/v1/markets", { slug: "drafted", name: "Will this be asked?", tags: ["draft"] });
  await admin.buy("rain-on-saturday", "YES", "40");
  await admin.buy("chess-final", "Vera", "25");
  await admin.buy("called-off", "NO", "10");
  await admin.post("/v1/markets/called-off/void", { reason: "The pitch was under water." });
  return { url, admin, invitation: String(invited.id) };
}

/** The same on a LAN: a name that is no secure context, where people come in by invitations alone. */
async function prepareLan(): Promise<Scene & { stop: () => Promise<void> }> {
  const port = await freePort();
  const server = await serveInvited(`http://${LAN_NAME}:${port}`, port, { isDemonstration: true });
  const direct = `http://127.0.0.1:${port}`;
  const admin = await Program.invited(direct, server.invitation, "Inspector");
  const scene = await prepare(server.url, admin, (invitation) => Program.invited(direct, invitation, "Cleo"));
  return { ...scene, stop: server.stop };
}

describe.each(Object.entries(LOOKS))("%s", (look, options) => {
  let page: Page;
  let scene: Scene;

  beforeAll(async () => {
    const lan = look === "lan" ? await prepareLan() : undefined;
    scene = lan ?? own;
    const session = { token: scene.admin.token, account: "inspector", name: "inspector", isAdmin: true };
    page = await visit("/problems/not-found", { baseURL: scene.url, ...options });
    await page.evaluate((text) => {
      localStorage.setItem("hunch.session", text);
    }, JSON.stringify(session));
    await page.addInitScript(countShifts);
    return async () => {
      await leave(page);
      await lan?.stop();
    };
  });

  test.each(Object.entries(PAGES))("%s", async (name, { path, landmark }) => {
    await page.goto(path.replace("INVITATION", scene.invitation));
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
