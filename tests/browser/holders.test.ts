/** Who holds most of a market: the largest first, whoever came first and whatever the alphabet says. */

import { expect, test } from "vitest";

import { leave, useBrowser, visit } from "./support/browser";
import { Program } from "./support/people";

useBrowser();

test("the largest holdings of each outcome come first", async () => {
  await (await Program.of("croupier")).open("roulette", { name: "Will it be red?" });
  for (const [account, outcome, spend] of [
    ["aaron", "YES", "10"],
    ["berta", "YES", "30"],
    ["conny", "YES", "20"],
    ["doris", "NO", "5"],
    ["edgar", "NO", "50"],
  ] as const) {
    await (await Program.of(account)).buy("roulette", outcome, spend);
  }
  const page = await visit("/markets/roulette?tab=holders");
  const holders = (outcome: string) =>
    page
      .locator(".holders section")
      .filter({ has: page.getByRole("heading", { name: outcome }) })
      .locator("td a");
  await expect.poll(() => holders("YES").allInnerTexts()).toEqual(["berta", "conny", "aaron"]);
  await expect.poll(() => holders("NO").allInnerTexts()).toEqual(["edgar", "doris"]);
  await leave(page);
});
