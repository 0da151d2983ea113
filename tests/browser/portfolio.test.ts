/** What people find in their portfolio, and on markets that are decided: what it did to them. */

import { beforeAll, test } from "vitest";

import { inspect, leave, useBrowser } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

beforeAll(async () => {
  const asker = await Program.of("asker");
  await asker.open("kettle", { name: "Will the kettle boil over?", liquidity: "50" });
  await asker.open("toast", { name: "Will the toast burn?", liquidity: "50" });
  await asker.post("/v1/markets", { slug: "jam", name: "Will there be jam?" });
  const guesser = await Program.of("guesser");
  await guesser.buy("kettle", "YES", "12");
  await guesser.buy("toast", "YES", "7");
  await asker.post("/v1/markets/kettle/resolve", { outcome: "NO" });
  await asker.post("/v1/markets/toast/close");
});

test("a decided market says what it did to me, and its histories say its question", async () => {
  const page = await arrive("guesser");
  await page.goto("/markets/kettle");
  await page.getByText("You lost 12.00").waitFor();
  await page.getByText("You put in 12.00 credits and got out 0.00.").waitFor();
  await inspect(page, "decided-loss");
  await page.goto("/portfolio?tab=journal");
  await page.getByRole("link", { name: "Will the kettle boil over?" }).first().waitFor();
  await page.getByRole("tab", { name: "Over time" }).click();
  await page.getByText(/^From 1,000\.00 to 98\d\.\d\d credits/).waitFor();
  await inspect(page, "over-time");
  await leave(page);
});

test("a creator finds what waits, drafts and what was decided, also after a reload", async () => {
  const page = await arrive("asker");
  await page.getByRole("link", { name: "Portfolio", exact: true }).click();
  await page.getByRole("tab", { name: "My markets" }).click();
  await page.getByRole("heading", { name: "Waiting for you" }).waitFor();
  await page.reload();
  for (const [heading, question] of [
    ["Waiting for you", "Will the toast burn?"],
    ["Drafts", "Will there be jam?"],
    ["Decided", "Will the kettle boil over?"],
  ] as const) {
    const group = page.locator("section").filter({ has: page.getByRole("heading", { name: heading }) });
    await group.getByRole("link", { name: question }).waitFor();
  }
  await inspect(page, "my-markets");
  await page.getByRole("link", { name: "Will there be jam?" }).click();
  await page.getByRole("button", { name: "Delete …" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("heading", { name: "Waiting for you" }).waitFor();
  await page.getByRole("link", { name: "Will there be jam?" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Will the kettle boil over?" }).click();
  await page.getByText(/As its creator you got back your subsidy and 12\.00 credits more/).waitFor();
  await leave(page);
});
