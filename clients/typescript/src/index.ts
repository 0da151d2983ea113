/** A typed client for Hunch: every path of the OpenAPI document, safe to retry. */

import createClient, { type Client } from "openapi-fetch";

import { errorOf, HunchError } from "./errors.js";
import { KEY_HEADER, patiently, RETRIES, type Retries, takesKey } from "./retries.js";
import type { components, paths } from "./schema.js";

export { type FieldError, HunchError } from "./errors.js";
export { type Retries } from "./retries.js";
export { type MarketEvent, stream, type StreamOptions } from "./stream.js";
export type { components, paths };

/** The schemas of answers and bodies by their names, such as `Schemas["MarketResponse"]`. */
export type Schemas = components["schemas"];
export type Hunch = Client<paths>;

/** What openapi-fetch makes of an answer. */
export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * A client of one instance.
 *
 * @param url its address, without `/v1`.
 * @param credential a bot key (`hk_…`) or a token; undefined to ask as anybody.
 */
export function createHunch(url: string, credential?: string, retries: Partial<Retries> = {}): Hunch {
  const patience = { ...RETRIES, ...retries };
  const hunch = createClient<paths>({
    baseUrl: url.replace(/\/+$/, ""),
    fetch: (request) => patiently(request, patience),
  });
  hunch.use({
    onRequest({ request }) {
      if (credential !== undefined) {
        request.headers.set("Authorization", authorization(credential));
      }
      if (takesKey(request.method, new URL(request.url).pathname) && !request.headers.has(KEY_HEADER)) {
        request.headers.set(KEY_HEADER, newKey());
      }
    },
    // Which request an answer is to is known here alone.
    onResponse({ request, response }) {
      const key = request.headers.get(KEY_HEADER);
      if (key !== null && (response.status >= 500 || response.status === 429)) {
        doubtful.set(response, key);
      }
    },
  });
  return hunch;
}

/** An idempotency key that nobody has used. */
export function newKey(): string {
  return crypto.randomUUID();
}

/** What a credential looks like in its header. */
export function authorization(credential: string): string {
  return `${credential.startsWith("hk_") ? "Key" : "Bearer"} ${credential}`;
}

/** The data of an answer. @throws {HunchError} it is a refusal, or none came. */
export async function dataOf<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) {
    throw errorOf(error, response.status, doubtful.get(response));
  }
  return data as T;
}

/**
 * An order once it is decided: one that is queued (202) is followed for up to half a minute.
 *
 * @throws {HunchError} it was rejected, or refused, or is still pending.
 */
export async function followed(
  hunch: Hunch,
  call: Promise<Answer<Schemas["OrderResponse"]>>,
): Promise<Schemas["OrderResponse"]> {
  let order = await dataOf(call);
  for (let poll = 0; order.status === "pending"; poll++) {
    if (poll === POLLS) {
      throw new HunchError("pending", `order ${order.id} is still waiting for its turn`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    order = await dataOf(hunch.GET("/v1/orders/{id}", { params: { path: { id: order.id } } }));
  }
  if (order.status === "rejected") {
    throw errorOf(order.problem, order.problem?.status ?? 409);
  }
  return order;
}

/** The items of a list, each page fetched when it is reached. @throws {HunchError} the instance refused. */
export async function* items<Name extends string, Item>(
  name: Name,
  fetchPage: (cursor: { cursor?: string }) => Promise<Answer<Record<Name, Item[]> & { cursor: string | null }>>,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | null | undefined;
  do {
    const page = await dataOf(fetchPage(typeof cursor === "string" ? { cursor } : {}));
    yield* page[name];
    if (page.cursor !== null && page.cursor === cursor) {
      throw new HunchError("unreachable", `the list of ${name} gives the same cursor twice`);
    }
    cursor = page.cursor;
  } while (cursor !== null);
}

const POLL_MS = 250;
const POLLS = 120;
/** The keys of requests that may have been carried out although their answer is a failure. */
const doubtful = new WeakMap<Response, string>();
