/** What people say about a market, and what its creator adds: as text, with addresses that can be followed. */

import { expect, test } from "vitest";

import { inspect, leave, useBrowser } from "./support/browser";
import { arrive } from "./support/people";

useBrowser();

const PATH = "/v1/markets/rain-on-saturday";
const SAID = {
  id: "c1",
  market: "rain-on-saturday",
  account: "ada",
  text: "<b>Look</b> at https://example.org/weather, please.",
  holding: { outcome: "YES", quantity: "12.340000" },
  created_at: "2026-11-27T06:10:00.000000Z",
};

test("comments are text, their addresses lead out, and what is said is sent once under a key", async () => {
  const page = await arrive("talker");
  const comments = [SAID];
  const keys: string[] = [];
  await page.route(`**${PATH}/comments*`, async (route) => {
    if (route.request().method() === "POST") {
      keys.push((await route.request().headerValue("Idempotency-Key")) ?? "");
      const { text } = route.request().postDataJSON() as { text: string };
      const comment = { ...SAID, id: "c2", account: "talker", text };
      comments.unshift(comment);
      await route.fulfill({ status: 201, json: comment });
      return;
    }
    await route.fulfill({ json: { comments, cursor: null } });
  });
  await page.goto("/markets/rain-on-saturday?tab=comments");
  await page.getByText("<b>Look</b> at").waitFor();
  const link = page.getByRole("link", { name: "https://example.org/weather" });
  expect(await link.getAttribute("rel")).toContain("noopener");
  await page.getByText("held 12.34 YES").waitFor();
  expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0);

  await page.getByLabel("What do you think?").fill("It will not.");
  await page.getByRole("button", { name: "Say it" }).click();
  await page.getByText("It will not.", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Delete" }).waitFor();
  expect(new Set(keys).size).toBe(1);
  await inspect(page, "comments");
  await leave(page);
});

test("a clarification stands below the rules, and a decision can be taken back while its time runs", async () => {
  const page = await arrive("judge", { isAdmin: true });
  await page.route(`**${PATH}`, async (route) => {
    const response = await route.fetch();
    const market = (await response.json()) as Record<string, unknown>;
    const settles_at = new Date(Date.now() + 600_000).toISOString();
    await route.fulfill({
      json: {
        ...market,
        status: "SETTLING",
        clarifications: [{ text: "Drizzle is rain.", created_at: "2026-11-26T06:10:00.000000Z" }],
        resolution: {
          payouts: { YES: "1.000000", NO: "0.000000" },
          reason: "It poured.",
          resolved_at: "2026-11-27T06:10:00.000000Z",
          settles_at,
        },
      },
    });
  });
  await page.goto("/markets/rain-on-saturday");
  await page.getByText("Drizzle is rain.").waitFor();
  await page.getByText("It poured.").waitFor();
  await page.getByText(/Paid out in \d+:\d\d/).waitFor();
  await inspect(page, "appeal");
  await page.getByRole("button", { name: "Withdraw the decision" }).click();
  await page.getByRole("dialog").getByText("Nobody has been paid yet").waitFor();
  await leave(page);
});
