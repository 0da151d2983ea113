/** What happens shows in every window that is open, and reaches programs without their asking. */

import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

import type { Page, WebSocketRoute } from "playwright-core";
import { expect, test } from "vitest";

import { inspect, leave, useBrowser, visit } from "./support/browser";
import { arrive, Program } from "./support/people";
import { serve } from "./support/server";

useBrowser();

/** Longer than the page waits between two looks where it has no stream. */
const WATCHED_MS = 6_000;

test("two windows follow a market: what one does the other shows, and nobody asks while nothing happens", async () => {
  const creator = await Program.of("cleo");
  await creator.open("followed", { name: "Will both windows know?" });
  const trader = await arrive("ida");
  await trader.goto("/markets/followed");
  const onlooker = await visit("/markets/followed");
  const screen = await visit("/markets/followed/screen");
  for (const page of [trader, onlooker]) {
    await page.locator(".badge-live").getByText("Live").waitFor();
  }
  const chance = screen.getByText(/^50\s?%$/).first();
  await chance.waitFor();

  const asked: string[] = [];
  for (const page of [onlooker, screen]) {
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.includes("/markets/followed")) {
        asked.push(pathname);
      }
    });
  }
  await onlooker.waitForTimeout(WATCHED_MS);
  expect(asked).toEqual([]);

  await creator.buy("followed", "YES", "30");
  for (const page of [trader, onlooker]) {
    await page.getByText(/credits in 1 trade$/).waitFor();
  }
  await chance.waitFor({ state: "detached" });
  expect(asked).toContain("/v1/markets/followed");
  await leave(trader, onlooker, screen);
});

test("what somebody says reaches whoever reads along, without a trade", async () => {
  const creator = await Program.of("cleo");
  await creator.open("discussed", { name: "Will they hear?" });
  const reader = await visit("about:blank");
  await reader.clock.install();
  await reader.goto("/markets/discussed?tab=comments");
  await reader.getByText("Nobody has said anything yet").waitFor();
  await creator.post("/v1/markets/discussed/comments", { text: "I doubt it." });
  await reader.clock.fastForward(15_000);
  await reader.getByText("I doubt it.").waitFor();
  await leave(reader);
});

test("a server that is away for a while is missed, and followed again once it is back", async () => {
  const server = await serve();
  const page = await visit(`${server.url}/markets/rain-on-saturday`);
  const badge = page.locator(".badge-live");
  await badge.getByText("Live").waitFor();
  const before = await page.getByText(/credits in \d+ trades$/).innerText();
  await server.halt();
  await badge.waitFor({ state: "hidden" });
  await page.getByText("The server cannot be reached.").waitFor();
  await server.resume();
  await badge.waitFor({ state: "visible", timeout: 30_000 });
  await page.getByText("The server cannot be reached.").waitFor({ state: "detached" });
  await buyAt(server.url, "rain-on-saturday");
  await page.getByText(before).waitFor({ state: "detached" });
  await leave(page);
  await server.stop();
});

test("a stream that a proxy refuses while its server starts comes by itself", async () => {
  const creator = await Program.of("cleo");
  await creator.open("refused", { name: "Will it come?" });
  const page = await visit("about:blank");
  await page.route("**/stream*", (route) => route.fulfill({ status: 502, contentType: "text/html" }));
  const isRefused = page.waitForResponse((response) => response.request().method() === "HEAD");
  await page.goto("/markets/refused");
  await isRefused;
  await page.unrouteAll();
  expect(await page.locator(".badge-live").isVisible()).toBe(false);
  await page.locator(".badge-live").waitFor({ state: "visible" });
  await leave(page);
});

test("where there are hints, they are what a page waits for", async () => {
  const creator = await Program.of("cleo");
  await creator.open("hinted", { name: "Will a hint do?" });
  const page = await visit("about:blank");
  await page.route("**/stream*", (route) => route.fulfill({ status: 404, json: {} }));
  const push = { url: "wss://hints.example/event/realtime", host: "hints.example", key: "key" };
  await page.route("**/config.json", (route) => route.fulfill({ json: { sign_in: {}, push } }));
  const hints = await hintsFor(page, push.url);
  await page.goto("/markets/hinted");
  await page.locator(".badge-live").waitFor({ state: "visible" });
  expect(hints.channels).toEqual(["/markets/hinted"]);
  await page.waitForTimeout(WATCHED_MS); // longer than it takes to ask the two questions with which listening begins
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.waitForTimeout(WATCHED_MS / 2);
  expect(asked).toEqual([]);
  await creator.buy("hinted", "YES", "30");
  hints.publish({ position: 2 });
  await page.getByText(/credits in 1 trade$/).waitFor();
  await leave(page);
});

/** AppSync Events as far as a page knows it. */
async function hintsFor(page: Page, url: string) {
  const channels: string[] = [];
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket(url, (socket) => {
    sockets.push(socket);
    const say = (message: object) => {
      socket.send(JSON.stringify(message));
    };
    socket.onMessage((text) => {
      const { type, id, channel } = JSON.parse(String(text)) as Record<string, string>;
      if (type === "connection_init") {
        say({ type: "connection_ack", connectionTimeoutMs: 300_000 });
      } else if (type === "subscribe") {
        channels.push(String(channel));
        say({ type: "subscribe_success", id });
      }
    });
  });
  const publish = (event: object) => {
    for (const socket of sockets) {
      socket.send(JSON.stringify({ type: "data", id: "1", event: JSON.stringify(event) }));
    }
  };
  return { channels, publish };
}

test("where there is no stream, one question stands for the whole market", async () => {
  const creator = await Program.of("cleo");
  await creator.open("asked-for", { name: "Will one question do?" });
  const onlooker = await visit("about:blank");
  await onlooker.route("**/stream*", (route) => route.fulfill({ status: 404, json: {} }));
  await onlooker.goto("/markets/asked-for");
  await onlooker.getByText(/credits in 0 trades$/).waitFor();
  await onlooker.waitForTimeout(WATCHED_MS / 3);
  const asked = new Set<string>();
  onlooker.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.includes("/markets/asked-for")) {
      asked.add(pathname);
    }
  });
  await onlooker.waitForTimeout(WATCHED_MS);
  expect([...asked]).toEqual(["/v1/markets/asked-for/events"]);
  const reads = new Map<string, number>();
  onlooker.on("request", (request) => {
    if (request.url().includes("/asked-for/trades")) {
      reads.set(request.url(), 1 + (reads.get(request.url()) ?? 0));
    }
  });
  await creator.buy("asked-for", "YES", "30");
  await onlooker.getByText(/credits in 1 trade$/).waitFor();
  // What a market is read with may trail behind it, and nothing else would ask once more.
  await expect.poll(() => Math.max(...reads.values()), { timeout: 20_000 }).toBe(2);
  expect(await onlooker.locator(".badge-live").isVisible()).toBe(false);
  await leave(onlooker);
});

interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody who is told by webhooks, and refuses the first messages. */
async function receive({ refusals }: { refusals: number }) {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      messages.push({ headers: request.headers, body });
      response.writeHead(messages.length <= refusals ? 500 : 204).end();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { messages, url: `http://127.0.0.1:${port}/hook`, stop: () => server.close() };
}

/** Somebody else trades on a market of that server. */
async function buyAt(url: string, slug: string): Promise<void> {
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID(), ...headers },
      body: JSON.stringify(body),
    });
    expect(response.ok).toBe(true);
    return (await response.json()) as Record<string, unknown>;
  };
  const { token } = await post("/v1/dev/sign-in", { account: "tina" });
  const headers = { Authorization: `Bearer ${String(token)}` };
  await post("/v1/accounts", {}, headers);
  await post(`/v1/markets/${slug}/orders`, { outcome: "YES", side: "buy", spend: "1" }, headers);
}

function signatureOf({ headers, body }: Message, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}

/** Makes a webhook on its page, for trades and closings of one market. @returns the secret. */
async function makeWebhook(page: Page, url: string): Promise<string> {
  await page.getByLabel("Address").fill(url);
  await page.getByLabel("Market (optional)").fill("rain-on-saturday");
  await page.getByLabel("Markets published").uncheck();
  await page.getByLabel("Decisions").uncheck();
  await page.getByRole("button", { name: "Make the webhook" }).click();
  return page.locator(".notice code").innerText();
}

test("a webhook is made, told, mended and deleted", async () => {
  const server = await serve({ settings: { HUNCH_WEBHOOKS_TO_PRIVATE: "true" } });
  const receiver = await receive({ refusals: 1 });
  const page = await arrive("wanda", { baseURL: server.url });
  await page.goto("/webhooks");
  await page.getByText("You have no webhooks yet").waitFor();
  const secret = await makeWebhook(page, receiver.url);
  await inspect(page, "webhooks");

  await buyAt(server.url, "rain-on-saturday");
  await page.getByText("failing, tried again later: the answer was 500").waitFor();
  await page.getByRole("button", { name: "Go on now" }).click();
  await page.getByText("working", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Attempts" }).click();
  await page
    .getByText(/delivered$/)
    .first()
    .waitFor();
  const [refused, taken] = receiver.messages;
  expect(taken?.headers["webhook-id"]).toBe(refused?.headers["webhook-id"]);
  expect(taken && signatureOf(taken, secret)).toBe(taken?.headers["webhook-signature"]);

  await page.getByRole("button", { name: "Delete …" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("You have no webhooks yet").waitFor();
  await leave(page);
  receiver.stop();
  await server.stop();
});

test("a webhook's new secret is shown once, and the one before signs beside it", async () => {
  const server = await serve({ settings: { HUNCH_WEBHOOKS_TO_PRIVATE: "true" } });
  const receiver = await receive({ refusals: 0 });
  const page = await arrive("rosa", { baseURL: server.url });
  await page.goto("/webhooks");
  const before = await makeWebhook(page, receiver.url);
  await page.getByRole("button", { name: "New secret …" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("signed with both secrets for 24 hours").waitFor();
  await inspect(page, "webhook-new-secret");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await dialog.waitFor({ state: "detached" });
  const shown = page.locator(".notice code");
  await shown.getByText(before).waitFor({ state: "detached" });
  const secret = await shown.innerText();
  expect(secret).toMatch(/^whsec_/);

  await buyAt(server.url, "rain-on-saturday");
  await expect.poll(() => receiver.messages.length, { timeout: 20_000 }).toBe(1);
  const [message] = receiver.messages;
  const signatures = String(message?.headers["webhook-signature"]).split(" ");
  expect(signatures).toHaveLength(2);
  expect(new Set(signatures)).toEqual(new Set(message && [before, secret].map((each) => signatureOf(message, each))));

  await page.reload();
  await page.getByRole("button", { name: "New secret …" }).waitFor();
  const text = await page.locator("body").innerText();
  expect([before, secret].filter((each) => text.includes(each))).toEqual([]);
  await leave(page);
  receiver.stop();
  await server.stop();
});
