/** What happens shows in every window that is open, and reaches programs without their asking. */

import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

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
  for (const page of [trader, onlooker]) {
    await page.locator(".badge-live").getByText("Live").waitFor();
  }

  const asked: string[] = [];
  onlooker.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.includes("/markets/followed")) {
      asked.push(pathname);
    }
  });
  await onlooker.waitForTimeout(WATCHED_MS);
  expect(asked).toEqual([]);

  await creator.buy("followed", "YES", "30");
  for (const page of [trader, onlooker]) {
    await page.getByText(/credits in 1 trade$/).waitFor();
  }
  expect(asked).toContain("/v1/markets/followed");
  await leave(trader, onlooker);
});

test("where there is no stream, one question stands for the whole market", async () => {
  const creator = await Program.of("cleo");
  await creator.open("asked-for", { name: "Will one question do?" });
  const onlooker = await visit("about:blank");
  await onlooker.route("**/stream?*", (route) => route.fulfill({ status: 404, json: {} }));
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
  await creator.buy("asked-for", "YES", "30");
  await onlooker.getByText(/credits in 1 trade$/).waitFor();
  expect(await onlooker.locator(".badge-live").isVisible()).toBe(false);
  await leave(onlooker);
});

interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody who is told by webhooks, and refuses the first message. */
async function receive() {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      messages.push({ headers: request.headers, body });
      response.writeHead(messages.length === 1 ? 500 : 204).end();
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

test("a webhook is made, told, mended and deleted", async () => {
  const server = await serve({ settings: { HUNCH_WEBHOOKS_TO_PRIVATE: "true" } });
  const receiver = await receive();
  const page = await arrive("wanda", { baseURL: server.url });
  await page.goto("/webhooks");
  await page.getByText("You have no webhooks yet").waitFor();
  await page.getByLabel("Address").fill(receiver.url);
  await page.getByLabel("Market (optional)").fill("rain-on-saturday");
  await page.getByLabel("Markets published").uncheck();
  await page.getByLabel("Decisions").uncheck();
  await page.getByRole("button", { name: "Make the webhook" }).click();
  const secret = await page.locator(".notice code").innerText();
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
