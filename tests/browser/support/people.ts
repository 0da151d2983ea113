/** People who use the page, and programs that prepare what they find. */

import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, inject } from "vitest";

import { visit } from "./browser";

interface Arrival extends BrowserContextOptions {
  isAdmin?: boolean;
}

/** Somebody who has signed in on the page. */
export async function arrive(name: string, { isAdmin = false, ...options }: Arrival = {}): Promise<Page> {
  const page = await visit("/sign-in", options);
  await page.getByLabel("Name").fill(name);
  if (isAdmin) {
    await page.getByLabel("As an admin").check();
  }
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Markets", level: 1 }).waitFor();
  return page;
}

/** A program that acts for an account. */
export class Program {
  readonly #token: string;

  private constructor(token: string) {
    this.#token = token;
  }

  /** Signs in and opens the account. */
  static async of(account: string): Promise<Program> {
    const { token } = (await send("POST", "/v1/dev/sign-in", { account })) as { token: string };
    const program = new Program(token);
    await program.post("/v1/accounts");
    return program;
  }

  async post(path: string, body: object = {}): Promise<Record<string, unknown>> {
    return (await send("POST", path, body, this.#token)) as Record<string, unknown>;
  }

  async get(path: string): Promise<Record<string, unknown>> {
    return (await send("GET", path, undefined, this.#token)) as Record<string, unknown>;
  }

  /** A market that is open. */
  async open(slug: string, market: object): Promise<void> {
    await this.post("/v1/markets", { slug, ...market });
    await this.post(`/v1/markets/${slug}/publish`);
  }

  async buy(slug: string, outcome: string, spend: string): Promise<void> {
    await this.post(`/v1/markets/${slug}/orders`, { outcome, side: "buy", spend });
  }
}

async function send(method: string, path: string, body?: object, token?: string): Promise<unknown> {
  const response = await fetch(inject("url") + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  expect(response.ok, JSON.stringify(answer)).toBe(true);
  return answer;
}
