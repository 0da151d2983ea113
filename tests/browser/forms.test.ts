/** Forms on which something happens in between: a lost answer, another text, half a date, a session that ends. */

import { expect, test } from "vitest";

import { leave, useBrowser } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

test("a comment whose answer was lost takes no other with it, and outlives the session", async () => {
  const page = await arrive("chatterbox");
  await page.goto("/markets/rain-on-saturday?tab=comments");
  const field = page.getByLabel("What do you think?");
  await page.route("**/comments", async (route) => {
    if (route.request().method() === "POST") {
      await route.fetch();
      await route.abort();
    } else {
      await route.continue();
    }
  });
  await field.fill("The first one");
  await page.getByRole("button", { name: "Say it" }).click();
  await page.getByText("Your comment may not have arrived").waitFor();
  await page.unroute("**/comments");
  await page.reload();
  await field.fill("The second one");
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByText("Your comment may not have arrived").waitFor({ state: "detached" });
  expect(await field.inputValue()).toBe("The second one");
  expect(await page.locator(".comments p.prose").allInnerTexts()).toEqual(["The first one"]);

  // As the page begins: before that it may still write down who the server says the reader is.
  await page.addInitScript(() => {
    localStorage.clear();
  });
  await page.reload();
  await page.getByRole("banner").getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("Name").fill("chatterbox");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("tab", { name: "Comments" }).waitFor();
  expect(await field.inputValue()).toBe("The second one");
  await field.fill("x".repeat(2_001));
  await page.getByText("At most 2,000 characters; this has 2,001.").waitFor();
  expect(await page.getByRole("button", { name: "Say it" }).isDisabled()).toBe(true);
  await leave(page);
});

test("a dialog gives the focus back, keeps half a date, and wants no time that is over", async () => {
  const creator = await Program.of("host");
  await creator.open("half-a-date", { name: "Will half a date do?" });
  await creator.post("/v1/markets/half-a-date/close");
  const page = await arrive("host");
  await page.goto("/markets/half-a-date");
  const opener = page.getByRole("button", { name: "Reopen …" });
  await opener.click();
  await page.getByRole("button", { name: "Cancel" }).click();
  expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);

  await opener.click();
  const until = page.getByLabel("Until");
  const reopen = page.getByRole("button", { name: "Reopen", exact: true });
  await until.press("1"); // a month, and nothing else
  await reopen.click();
  expect(await until.evaluate((field) => field === document.activeElement)).toBe(true);
  await until.fill("2020-01-01T10:00");
  await page.getByText("Choose a time that is still to come.").waitFor();
  await reopen.click();
  expect(await creator.get("/v1/markets/half-a-date")).toMatchObject({ status: "CLOSED" });
  await until.fill("2099-01-01T10:00");
  await reopen.click();
  await page.getByText("Open", { exact: true }).waitFor();

  await page.goto("/create");
  await page.getByRole("textbox", { name: "Question" }).fill("Will it be noticed?");
  await page.getByLabel("Closes (optional)").press("1");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("Give the day and the time, or neither.").waitFor();
  await leave(page);
});

test("what is typed while an order is on its way is the next one", async () => {
  const page = await arrive("hasty");
  await page.goto("/markets/rain-on-saturday");
  const field = page.getByLabel("Credits to spend");
  let release: () => void = () => undefined;
  const isTyped = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/orders", async (route) => {
    await isTyped;
    await route.continue();
  });
  await field.fill("5");
  await page.getByRole("button", { name: "Buy YES", disabled: false }).dblclick();
  await page.getByText("One moment …").waitFor();
  await field.fill("7");
  release();
  await page.getByText(/^for 5\.00 credits/).waitFor();
  expect(await field.inputValue()).toBe("7");
  await page.goto("/portfolio/?tab=trades"); // a slash at the end leads to the same place
  await page.locator("tbody tr").first().waitFor();
  expect(await page.locator("tbody tr").count()).toBe(1);
  await leave(page);
});

test("whoever did not sign out is told why they are signed out, and comes back to where they were", async () => {
  const page = await arrive("dozer");
  await page.addInitScript(() => {
    const session = localStorage.getItem("hunch.session") ?? "";
    localStorage.setItem("hunch.session", session.replace(/"token":"[^"]+"/, '"token":"over"'));
  });
  await page.goto("/portfolio");
  await page.getByText("Your session has ended.").waitFor();
  await page.getByRole("link", { name: "sign in again" }).click();
  expect(await page.getByText("Your session has ended.").count()).toBe(1);
  await page.getByLabel("Name").fill("dozer");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Portfolio" }).waitFor();
  expect(await page.getByText("Your session has ended.").count()).toBe(0);
  await leave(page);
});
