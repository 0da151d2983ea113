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
  readonly #url: string;
  readonly token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.token = token;
  }

  /** Signs in and opens the account. */
  static async of(account: string, roles: readonly "admin"[] = []): Promise<Program> {
    const url = inject("url");
    const { token } = (await send("POST", `${url}/v1/dev/sign-in`, { account, roles })) as { token: string };
    const program = new Program(url, token);
    await program.post("/v1/accounts");
    return program;
  }

  /** Comes in by an invitation. */
  static async invited(url: string, invitation: string, name: string): Promise<Program> {
    const body = { invitation: new URL(invitation).hash.slice(1), name };
    const { token } = (await send("POST", `${url}/v1/invitations/accept`, body)) as { token: string };
    return new Program(url, token);
  }

  async post(path: string, body: object = {}): Promise<Record<string, unknown>> {
    return (await send("POST", this.#url + path, body, this.token)) as Record<string, unknown>;
  }

  async patch(path: string, body: object): Promise<Record<string, unknown>> {
    return (await send("PATCH", this.#url + path, body, this.token)) as Record<string, unknown>;
  }

  async get(path: string): Promise<Record<string, unknown>> {
    return (await send("GET", this.#url + path, undefined, this.token)) as Record<string, unknown>;
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

async function send(method: string, address: string, body?: object, token?: string): Promise<unknown> {
  const response = await fetch(address, {
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
