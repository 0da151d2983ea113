/** Browsers that lack or change something: blocked storage, what younger ones have, translators, forced colours, broken networks. */

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import { inspect, leave, useBrowser, visit } from "./support/browser";
import { arrive, Program } from "./support/people";

useBrowser();

/** Signs in on a page that was changed before anything of it ran, and buys. */
async function trade(page: Page, slug: string): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(`/markets/${slug}`)}`);
  await page.getByLabel("Name").fill("rover");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Credits to spend").fill("10");
  await page.getByRole("button", { name: "Buy YES", disabled: false }).click();
  await page.getByText(/^Bought \d+\.\d+ shares of YES/).waitFor();
}

test("where cookies are blocked people sign in and trade all the same", async () => {
  await (await Program.of("creator")).open("blocked", { name: "Will cookies be blocked?" });
  const page = await visit("about:blank");
  await page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException("Access is denied for this document.", "SecurityError");
        },
      });
    }
  });
  await trade(page, "blocked");
  await inspect(page, "storage-blocked");
  await leave(page);
});

test("without what the oldest browsers lack everything is there", async () => {
  await (await Program.of("creator")).open("ancient", { name: "Will old browsers do?" });
  const page = await visit("about:blank");
  await page.addInitScript(() => {
    const remove = (owner: object, ...names: string[]) => {
      names.forEach((name) => Reflect.deleteProperty(owner, name));
    };
    remove(AbortSignal, "any", "timeout");
    remove(URL, "canParse", "parse");
    remove(Map, "groupBy");
    remove(Object, "groupBy");
    remove(Promise, "withResolvers", "try");
    remove(Array.prototype, "toSorted", "toSpliced", "toReversed", "with");
    remove(Set.prototype, "union", "difference", "intersection");
    remove(URLSearchParams.prototype, "size");
    remove(Crypto.prototype, "randomUUID");
  });
  await trade(page, "ancient");
  for (const [path, words] of [
    ["/", "Will old browsers do?"],
    ["/portfolio", "Will old browsers do?"],
    ["/create", "subsidy of"],
    ["/api-keys", "A new key"],
  ] as const) {
    await page.goto(path);
    await page.getByText(words).first().waitFor();
  }
  await leave(page);
});

test("where a device shares, it is handed the market, and closing its sheet is no failure", async () => {
  const page = await visit("about:blank");
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "share", {
      value: (shared: ShareData) => {
        document.body.dataset.shared = JSON.stringify(shared);
        return Promise.reject(new DOMException("Share canceled", "AbortError"));
      },
    });
  });
  await page.goto("/markets/rain-on-saturday?tab=holders");
  await page.getByRole("button", { name: "Share" }).click();
  const url = new URL("/markets/rain-on-saturday", page.url()).href;
  const shared = JSON.parse((await page.evaluate(() => document.body.dataset.shared)) ?? "") as unknown;
  expect(shared).toEqual({ title: "Will it rain on Saturday?", url });
  await leave(page);
});

test("a translated page goes on showing what is", async () => {
  const creator = await Program.of("creator");
  await creator.open("translated", { name: "Will it be translated?" });
  const page = await arrive("reader");
  await page.goto("/markets/translated");
  await page.getByText("Nobody has traded yet").waitFor();
  await page.evaluate(translate);
  await creator.buy("translated", "YES", "120");
  await page.locator(".figures-chance").getByText("85%").waitFor();
  await page.getByRole("radio", { name: /YES\s*85%/ }).waitFor();
  await page.getByText(/credits in 1 trade/).waitFor();
  await creator.post("/v1/markets/translated/close");
  await page.getByText("Closed", { exact: true }).first().waitFor();
  expect(await page.getByText("Open", { exact: true }).count()).toBe(0);
  await leave(page);
});

/** What translators do: every text that may be translated is moved into an element of their own. */
function translate(): void {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode() !== null) {
    texts.push(walker.currentNode as Text);
  }
  for (const text of texts) {
    if (text.data.trim() !== "" && text.parentElement?.closest('[translate="no"]') === null) {
      const font = document.createElement("span");
      font.textContent = text.data;
      text.replaceWith(font);
    }
  }
}

test("in forced colours what is chosen is seen", async () => {
  const page = await visit("/markets/rain-on-saturday", { forcedColors: "active" });
  await page.getByRole("form", { name: "Trade" }).waitFor();
  for (const control of [".segments input + span", ".outcome input", ".tabs button"]) {
    const looks = await page.locator(control).evaluateAll((elements) =>
      elements.map((element) => {
        const { backgroundColor, borderTopWidth, borderBottomColor, outlineStyle } = getComputedStyle(element);
        return [backgroundColor, borderTopWidth, borderBottomColor, outlineStyle].join(" ");
      }),
    );
    expect(new Set(looks).size, control).toBeGreaterThan(1);
  }
  await inspect(page, "forced-colours");
  await leave(page);
});

test("a proxy's 401 ends no session, a page that did not load comes back, and a failed read is read again", async () => {
  const page = await arrive("traveller");
  await page.route("**/v1/portfolio", (route) =>
    route.fulfill({ status: 401, body: "<h1>Sign in to the network</h1>" }),
  );
  await page.goto("/portfolio");
  await page.getByRole("alert").getByText("401").waitFor();
  await page.locator(".balance").getByText("traveller").waitFor();
  await page.unroute("**/v1/portfolio");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("You hold nothing yet").waitFor();

  await page.route("**/assets/create-page-*.js", (route) => route.abort());
  await page.getByRole("link", { name: "Create", exact: true }).click();
  await page.getByText("This page did not load").waitFor();
  await page.unroute("**/assets/create-page-*.js");
  await page.getByRole("textbox", { name: "Question" }).waitFor();
  await leave(page);
});

test("a session that ends takes nothing with it that was typed", async () => {
  const page = await arrive("author");
  await page.goto("/create");
  await page.getByRole("textbox", { name: "Question" }).fill("Will my words survive?");
  await page.getByLabel("How it is decided").fill("By looking.");
  await page.route("**/v1/markets", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 401, json: { title: "No", status: 401, code: "unauthenticated" } })
      : route.continue(),
  );
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("Your session has ended.").waitFor();
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await page.unroute("**/v1/markets");
  await page.getByLabel("Name").fill("author");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  expect(await page.getByRole("textbox", { name: "Question" }).inputValue()).toBe("Will my words survive?");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("By looking.").waitFor();
  await leave(page);
});
