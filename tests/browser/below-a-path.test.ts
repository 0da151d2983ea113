/** Hunch below a path of a host, behind nginx as the runbook has it: page, sign-in, trade, stream, links, API, previews. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";

import { expectNoSidewaysScroll, inspect, LAN_NAME, leave, useBrowser, visit } from "./support/browser";
import { PATH, startProxy } from "./support/proxy";
import { freePort, serveInvited } from "./support/server";

useBrowser();

const HUNCH = process.env.HUNCH ?? "hunch";
const QUESTION = "Does it run below a path?";
const SLUG = "does-it-run-below-a-path";

/** The block as it stands, and as people write it whose proxy removes the path. */
const PROXIES = [
  { name: "a proxy that passes the path on", isAsDocumented: true, change: (block: string) => block },
  {
    name: "a proxy that removes the path",
    isAsDocumented: false,
    change: (block: string) => block.replace(/(proxy_pass http:[^;]+);/, "$1/;"),
  },
];

describe.each(PROXIES)("$name", ({ name, isAsDocumented, change }) => {
  let server: Awaited<ReturnType<typeof serveInvited>>;
  let origin: string;
  let teacher: Page;

  beforeAll(async () => {
    const [outside, inside] = [await freePort(), await freePort()];
    origin = `http://${LAN_NAME}:${outside}`;
    server = await serveInvited(origin + PATH, inside, { settings: { HUNCH_TRUSTED_PROXIES: "127.0.0.1" } });
    const stop = await startProxy(outside, inside, change);
    teacher = await join(server.invitation, "Emmy");
    return async () => {
      await leave(teacher);
      await stop();
      await server.stop();
    };
  });

  /** What a program gets, within ten seconds or as long as it waits. */
  const get = (path: string, headers: Record<string, string> = {}, waits = ["--max-time", "10"]) => {
    const resolve = ["--resolve", `${new URL(origin).host}:127.0.0.1`];
    const said = Object.entries(headers).flatMap(([header, value]) => ["--header", `${header}: ${value}`]);
    return promisify(execFile)("curl", ["--silent", "--include", ...waits, ...resolve, ...said, origin + path]).then(
      ({ stdout }) => stdout,
      (failure: unknown) => (failure as { stdout: string }).stdout,
    );
  };

  test("the page loads, and everything it asks for is below the path", async () => {
    const page = await visit(PATH, { baseURL: origin });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${PATH}/leaderboard`);
    await page.locator(".empty, .card table").first().waitFor();
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((path) => !path.startsWith(`${PATH}/`))).toEqual([]);
    const links = await page
      .locator("a[href]")
      .evaluateAll((found) => found.map((link) => (link as HTMLAnchorElement).pathname));
    expect(links.filter((path) => !path.startsWith(`${PATH}/`))).toEqual([]);
    await page.getByRole("link", { name: "Markets", exact: true }).click();
    expect(new URL(page.url()).pathname).toBe(`${PATH}/`);
    await page.goBack();
    await page.getByRole("heading", { name: "Leaderboard" }).waitFor();
    await leave(page);
  });

  test("a class trades, sees each other's trades as they happen, and passes links on", async () => {
    await ask(teacher);
    expect(new URL(teacher.url()).pathname).toBe(`${PATH}/markets/${SLUG}`);
    const pupil = await join(await invite(teacher), "Ada");
    await teacher.goto(`${PATH}/markets/${SLUG}`);
    await teacher.getByText("Live", { exact: true }).first().waitFor();
    // Asked for once every half minute without the stream, and within a moment with it.
    const arrives = teacher.locator(".trades, main").getByText("Ada").first().waitFor({ timeout: 5_000 });
    await pupil.goto(`${PATH}/markets/${SLUG}`);
    await pupil.getByLabel("Credits to spend").fill("40");
    await pupil.getByRole("button", { name: "Buy YES", disabled: false }).click();
    await pupil.getByText(/^Bought/).waitFor();
    await arrives;
    await expectNoSidewaysScroll(pupil);
    await inspect(pupil, `below-a-path-${name.split(" ")[3] ?? ""}`);
    await leave(pupil);
  });

  test("links say whole addresses, and previews name the market", async () => {
    const [page, problem, api, redirect] = await Promise.all([
      get(`${PATH}/markets/${SLUG}`, { Accept: "text/html" }),
      get(`${PATH}/v1/markets/none`),
      get(`${PATH}/v1/markets`),
      get(PATH),
    ]);
    expect(page).toContain(`<title>${QUESTION} · Hunch</title>`);
    expect(page).toContain(`property="og:title" content="${QUESTION}"`);
    expect(page).toContain(`property="og:image" content="${origin}${PATH}/icon-512.png"`);
    expect(problem).toContain(`"type":"${origin}${PATH}/problems/market-not-found"`);
    expect(api).toContain(`"slug":"${SLUG}"`);
    expect(redirect).toMatch(/^HTTP\/1.1 308/);
    expect(redirect).toMatch(new RegExp(`^location: (${origin})?${PATH}/\r?$`, "im"));
  });

  if (isAsDocumented) {
    test("the documentation asks the API below the path", async () => {
      const page = await visit(`${PATH}/docs`, { baseURL: origin });
      await page.locator("#operations-Markets-list_markets button").first().click();
      await page.getByRole("button", { name: "Try it out" }).click();
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.url().includes("/v1/markets")),
        page.getByRole("button", { name: "Execute" }).click(),
      ]);
      expect([new URL(answer.url()).pathname, answer.status()]).toEqual([`${PATH}/v1/markets`, 200]);
      await leave(page);
    });

    test("the stream comes through as it is written", async () => {
      const timedOut = await get(`${PATH}/v1/markets/${SLUG}/stream`, {}, ["--no-buffer", "--max-time", "2"]);
      expect(timedOut).toContain("event: trade");
    });

    test("the command line verifies the market at the same address", async () => {
      const address = new URL(origin);
      const { stdout } = await promisify(execFile)(HUNCH, [
        "verify",
        SLUG,
        "--url",
        `http://127.0.0.1:${address.port}${PATH}`,
      ]);
      expect(stdout).toContain(SLUG);
    });

    test("signing out and back by the personal link", async () => {
      await teacher.getByRole("button", { name: "Sign out" }).click();
      const dialog = teacher.getByRole("dialog");
      const link = await dialog.locator(".personal-link").innerText();
      expect(link).toContain(`${origin}${PATH}/sign-in`);
      await dialog.getByRole("button", { name: "Sign out" }).click();
      await teacher.getByRole("link", { name: "Sign in", exact: true }).waitFor();
      expect(await teacher.evaluate(() => Object.keys(localStorage))).toEqual([]);
      await teacher.goto(link);
      await teacher.getByRole("button", { name: /Sign in|Continue/ }).click();
      await teacher.locator(".balance").waitFor();
      expect(await teacher.evaluate(() => Object.keys(localStorage))).toEqual([`hunch:${PATH}:session`]);
    });
  }

  async function join(link: string, person: string): Promise<Page> {
    expect(link).toContain(`${origin}${PATH}/invitation#`);
    const page = await visit(link, { baseURL: origin });
    await page.getByLabel("Name").fill(person);
    await page.getByRole("button", { name: "Join" }).click();
    await page.getByRole("heading", { name: /^You are in/ }).waitFor();
    return page;
  }

  async function invite(page: Page): Promise<string> {
    await page.goto(`${PATH}/admin?tab=invitations`);
    await page.getByRole("button", { name: "Invite", exact: true }).click();
    await expect.poll(() => linkForMany(page)).toContain("#");
    return linkForMany(page);
  }

  async function linkForMany(page: Page): Promise<string> {
    const { invitations } = await page.evaluate(async (path) => {
      const { token } = JSON.parse(localStorage.getItem(`hunch:${path}:session`) ?? "{}") as { token: string };
      const response = await fetch(`${path}/v1/invitations`, { headers: { Authorization: `Bearer ${token}` } });
      return (await response.json()) as { invitations: { url: string; count: number }[] };
    }, PATH);
    return invitations.find(({ count }) => count > 1)?.url ?? "";
  }

  async function ask(page: Page): Promise<void> {
    await page.getByRole("link", { name: "Create", exact: true }).click();
    await page.getByRole("textbox", { name: "Question" }).fill(QUESTION);
    await page.getByRole("button", { name: "Save the draft" }).click();
    await page.getByRole("button", { name: "Publish …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
    await page.getByText("Open", { exact: true }).waitFor();
  }
});
