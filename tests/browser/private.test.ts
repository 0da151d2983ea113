/** A private instance, to somebody who has not come in yet: no skeletons for ever, and no words for programs. */

import { beforeAll, expect, test } from "vitest";

import { inspect, leave, useBrowser, visit } from "./support/browser";
import { serve } from "./support/server";

useBrowser();

let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  server = await serve({ settings: { HUNCH_PRIVATE: "true" } });
  return () => server.stop();
});

test.each(["/", "/markets/rain-on-saturday", "/leaderboard", "/people/ada", "/board", "/portfolio"])(
  "%s asks a visitor to sign in",
  async (path) => {
    const page = await visit(path, { baseURL: server.url });
    await page.getByRole("main").getByRole("link", { name: "Sign in" }).first().waitFor();
    await page.getByRole("main").locator(".skeleton").first().waitFor({ state: "detached" });
    expect(await page.getByRole("main").innerText()).not.toMatch(/Authorization|Bearer|token/);
    expect(await page.title()).not.toContain("rain");
    await inspect(page, `private${path.replaceAll("/", "-")}`);
    await leave(page);
  },
);
