/** Every write of the page. A key is what makes repeating it safe. */

import { elapsed } from "../platform/clock";
import { identify } from "../session/identity";
import { renameSession, startSession } from "../session/session";
import { invalidate } from "./cache";
import { type Answer, client, dataOf, patiently, pause } from "./client";
import { learnNames } from "./names";
import { Problem, problemOf, problemOfFailure } from "./problem";
import {
  API_KEYS,
  type EventType,
  type Holder,
  INVITATIONS,
  type Market,
  marketKey,
  PEOPLE,
  PORTFOLIO,
  WEBHOOKS,
} from "./reads";
import type { components } from "./schema";

export type Order = components["schemas"]["OrderResponse"];
export type OrderBody = components["schemas"]["OrderBody"];
export type Quote = components["schemas"]["QuoteResponse"];
export type Draft = components["schemas"]["CreateMarketBody"];
export type Edit = components["schemas"]["EditMarketBody"];
/** A webhook whose secret is known just now. */
export type DisclosedWebhook = components["schemas"]["NewWebhookResponse"];
export type KeyScope = components["schemas"]["KeyScope"];
export type Resolution = components["schemas"]["ResolveMarketBody"] & { reason?: string };

const POLL_MS = 500;
const LONGEST_ORDER_MS = 60_000;
const LOOK_FIRST = "It may be done all the same. Look at the list before you try again.";

function keyed(key: string) {
  return { header: { "Idempotency-Key": key } };
}

/** Prices an order. */
export function quote(slug: string, body: OrderBody, signal: AbortSignal): Promise<Quote> {
  return dataOf(client.POST("/v1/markets/{slug}/quotes", { params: { path: { slug } }, body, signal }));
}

/** Trades, and waits for the outcome where the order is queued. @throws {Problem} it was refused. */
export async function placeOrder(slug: string, body: OrderBody, key: string): Promise<Order> {
  const placed = await patiently(() =>
    client.POST("/v1/markets/{slug}/orders", { params: { path: { slug }, ...keyed(key) }, body }),
  );
  const order = await outcomeOf(placed);
  invalidate(marketKey(slug), PORTFOLIO);
  return order;
}

/** What became of an order. */
async function outcomeOf(placed: Order): Promise<Order> {
  const deadline = elapsed() + LONGEST_ORDER_MS;
  let order = placed;
  while (order.status === "pending") {
    if (elapsed() > deadline) {
      throw new Problem("Still waiting", "Your order is in the queue. Send it again to see what became of it.");
    }
    await pause(POLL_MS);
    order = await dataOf(client.GET("/v1/orders/{id}", { params: { path: { id: placed.id } } }));
  }
  if (order.status === "rejected") {
    throw problemOf("problem" in order ? order.problem : undefined, 422);
  }
  return order;
}

export async function createMarket(body: Draft, key: string) {
  const market = await patiently(() => client.POST("/v1/markets", { params: keyed(key), body }));
  invalidate("/v1/markets?");
  return market;
}

export async function editMarket(slug: string, body: Edit) {
  const market = await dataOf(client.PATCH("/v1/markets/{slug}", { params: { path: { slug } }, body }));
  invalidate("/v1/markets?", marketKey(slug));
  return market;
}

export async function deleteDraft(slug: string): Promise<void> {
  await gone(client.DELETE("/v1/markets/{slug}", { params: { path: { slug } } }));
  invalidate("/v1/markets");
}

export function publishMarket(slug: string, key: string) {
  return changeMarket(() =>
    client.POST("/v1/markets/{slug}/publish", { params: { path: { slug }, ...keyed(key) }, body: {} }),
  );
}

export function closeMarket(slug: string, key: string) {
  return changeMarket(() =>
    client.POST("/v1/markets/{slug}/close", { params: { path: { slug }, ...keyed(key) }, body: {} }),
  );
}

export function reopenMarket(slug: string, closes_at: string | null, key: string) {
  return changeMarket(() =>
    client.POST("/v1/markets/{slug}/reopen", { params: { path: { slug }, ...keyed(key) }, body: { closes_at } }),
  );
}

export function resolveMarket(slug: string, body: Resolution, key: string) {
  return changeMarket(() =>
    client.POST("/v1/markets/{slug}/resolve", { params: { path: { slug }, ...keyed(key) }, body }),
  );
}

export function voidMarket(slug: string, reason: string, key: string) {
  return changeMarket(() =>
    client.POST("/v1/markets/{slug}/void", { params: { path: { slug }, ...keyed(key) }, body: { reason } }),
  );
}

/** Says more exactly how a market is decided. */
export function clarifyMarket(slug: string, text: string, key: string) {
  return changeMarket(() =>
    client.POST("/v1/markets/{slug}/clarifications", { params: { path: { slug }, ...keyed(key) }, body: { text } }),
  );
}

/** Takes a decision back before anything is paid. */
export function withdrawResolution(slug: string, key: string) {
  return changeMarket(() =>
    client.POST("/v1/markets/{slug}/withdraw-resolution", { params: { path: { slug }, ...keyed(key) }, body: {} }),
  );
}

export async function addComment(slug: string, text: string, key: string) {
  const comment = await patiently(() =>
    client.POST("/v1/markets/{slug}/comments", { params: { path: { slug }, ...keyed(key) }, body: { text } }),
  );
  invalidate(`${marketKey(slug)}/comments`);
  return comment;
}

export async function removeComment(slug: string, id: string): Promise<void> {
  await gone(client.DELETE("/v1/markets/{slug}/comments/{id}", { params: { path: { slug, id } } }));
  invalidate(`${marketKey(slug)}/comments`);
}

async function changeMarket(change: () => Promise<Answer<Market>>): Promise<Market> {
  const market = await patiently(change);
  invalidate("/v1/markets", PORTFOLIO);
  return market;
}

export async function grantCredits(account: string, amount: string, reason: string, key: string) {
  const entry = await patiently(() =>
    client.POST("/v1/accounts/{account}/grants", {
      params: { path: { account }, ...keyed(key) },
      body: { amount, reason },
    }),
  );
  invalidate(PORTFOLIO, "/v1/audit");
  return entry;
}

/** Signs in with a token: opens its account, under a name, where there is none yet. */
export async function signInWith(token: string, name?: string): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` };
  const body = name === undefined ? {} : { name };
  const { account } = await dataOf(client.POST("/v1/accounts", { headers, body }));
  startSession(token, await identify(token, account));
}

export async function signInAsDeveloper(account: string, name: string, isAdmin: boolean): Promise<void> {
  const { token } = await dataOf(
    client.POST("/v1/dev/sign-in", { body: { account, roles: isAdmin ? ["admin"] : [] } }),
  );
  await signInWith(token, name);
}

export async function acceptInvitation(invitation: string, name: string): Promise<void> {
  const call = client.POST("/v1/invitations/accept", { body: { invitation, name } });
  const { token } = await unrepeatable(call, "Your account may be open all the same. Trying again opens another one.");
  await signInWith(token);
}

/** Comes back by a personal link, which works once. */
export async function acceptLink(link: string): Promise<void> {
  const call = client.POST("/v1/sign-in-links/accept", { body: { link } });
  const { token } = await unrepeatable(
    call,
    "Your link may be used up all the same. If it is, ask an admin for a new one.",
  );
  await signInWith(token);
}

/**
 * The data of an answer to what must not be done twice, and what nobody can tell from the first time.
 *
 * @param advice what to do when no answer says whether it was done.
 */
async function unrepeatable<T>(call: Promise<Answer<T>>, advice: string): Promise<T> {
  try {
    return await dataOf(call);
  } catch (failure) {
    const problem = problemOfFailure(failure);
    throw problem.isUnanswered ? new Problem(problem.title, advice, problem.status) : problem;
  }
}

/** Removes something. What is not there any more is removed: perhaps by a request whose answer was lost. */
async function gone(call: Promise<Answer<unknown>>): Promise<void> {
  try {
    await dataOf(call);
  } catch (failure) {
    if (problemOfFailure(failure).status !== 404) {
      throw failure;
    }
  }
}

/** Makes one link with which so many people may come in. */
export async function invite(count: number, expires_at: string): Promise<void> {
  try {
    await unrepeatable(client.POST("/v1/invitations", { body: { count, expires_at } }), LOOK_FIRST);
  } finally {
    invalidate(INVITATIONS);
  }
}

export async function revokeInvitation(id: string): Promise<void> {
  await gone(client.DELETE("/v1/invitations/{id}", { params: { path: { id } } }));
  invalidate(INVITATIONS);
}

export async function renamePerson(account: string, name: string) {
  const params = { path: { account } };
  const person = await dataOf(client.PATCH("/v1/accounts/{account}", { params, body: { name } }));
  learnNames([person]);
  renameSession(person);
  invalidate(PEOPLE, `/v1/accounts/${account}`);
  return person;
}

/** Shuts somebody out, or lets them in again. */
export async function setSuspended(account: string, isSuspended: boolean) {
  const params = { path: { account } };
  const call = isSuspended
    ? client.POST("/v1/people/{account}/suspend", { params, body: {} })
    : client.POST("/v1/people/{account}/restore", { params, body: {} });
  const member = await dataOf(call);
  invalidate(PEOPLE);
  return member;
}

/** Ends every session, bot key and sign-in link of somebody; tokens of an issuer are the issuer's to end. */
export async function revokeCredentials(account: string) {
  await dataOf(client.POST("/v1/people/{account}/revoke-credentials", { params: { path: { account } }, body: {} }));
}

/** Removes somebody's name, words and ways in, for good. Asked again, it goes on where it was. */
export async function forgetPerson(account: string) {
  const forgotten = await dataOf(
    client.POST("/v1/people/{account}/forget", { params: { path: { account } }, body: {} }),
  );
  learnNames([{ account, name: account }]);
  invalidate(PEOPLE, `/v1/accounts/${account}`, "/v1/leaderboard", "/v1/markets/");
  return forgotten;
}

/** A way back into an account that came by an invitation, on any device. */
export function makeSignInLink(account: string) {
  return dataOf(client.POST("/v1/accounts/{account}/sign-in-links", { params: { path: { account } }, body: {} }));
}

export async function createApiKey(name: string, scopes: KeyScope[], expires_at?: string) {
  const body = { name, scopes, ...(expires_at === undefined ? {} : { expires_at }) };
  try {
    return await unrepeatable(client.POST("/v1/api-keys", { body }), LOOK_FIRST);
  } finally {
    invalidate(API_KEYS);
  }
}

export async function revokeApiKey(id: string): Promise<void> {
  await gone(client.DELETE("/v1/api-keys/{id}", { params: { path: { id } } }));
  invalidate(API_KEYS);
}

/** An address that is told what happens: to one market or to all, of some types of events or of all. */
export async function createWebhook(body: { url: string; market?: string; types?: EventType[] }) {
  try {
    return await unrepeatable(client.POST("/v1/webhooks", { body }), LOOK_FIRST);
  } finally {
    invalidate(WEBHOOKS);
  }
}

/** Gives it a new secret; the one before is good for another day. */
export async function rotateWebhookSecret(id: string) {
  return unrepeatable(
    client.POST("/v1/webhooks/{id}/rotate-secret", { params: { path: { id } }, body: {} }),
    LOOK_FIRST,
  );
}

/** Lets it go on at once with what has failed. */
export async function enableWebhook(id: string): Promise<void> {
  await dataOf(client.POST("/v1/webhooks/{id}/enable", { params: { path: { id } }, body: {} }));
  invalidate(WEBHOOKS);
}

export async function deleteWebhook(id: string): Promise<void> {
  await gone(client.DELETE("/v1/webhooks/{id}", { params: { path: { id } } }));
  invalidate(WEBHOOKS);
}

/** All holders of a market, page after page, up to a bound. */
export async function allHolders(slug: string, atMost = 2_000) {
  const holders: Holder[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 100, ...(cursor === null ? {} : { cursor }) };
    const page: components["schemas"]["HoldersResponse"] = await dataOf(
      client.GET("/v1/markets/{slug}/holders", { params: { path: { slug }, query } }),
    );
    holders.push(...page.holders);
    cursor = page.cursor;
  } while (cursor !== null && holders.length < atMost);
  return { holders, isComplete: cursor === null };
}
