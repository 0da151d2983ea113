/** The one way to the API: typed calls that carry the credential and end in data or a Problem. */

import createClient from "openapi-fetch";

import { currentToken, endSession } from "../session/session";
import { connection } from "./connection";
import { type Problem, problemOf, problemOfFailure } from "./problem";
import type { paths as ListedPaths } from "./schema";
import type { UnlistedPaths } from "./unlisted-paths";

const TIMEOUT_MS = 30_000;
const ATTEMPTS = 4;
const LONGEST_WAIT_SECONDS = 5;

/** All that the page calls. */
export type Paths = ListedPaths & UnlistedPaths;

export const client = createClient<Paths>({ fetch: fetchInTime });

client.use({
  onRequest({ request }) {
    const token = currentToken();
    if (token !== undefined) {
      request.headers.set("Authorization", `Bearer ${token}`);
    }
  },
  onResponse({ request, response }) {
    const sent = request.headers.get("Authorization");
    if (response.status === 401 && sent !== null && sent === `Bearer ${currentToken() ?? ""}`) {
      endSession("expired");
    }
  },
});

/** What openapi-fetch makes of an answer. */
export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The data of an answer.
 *
 * @throws {Problem} it is a refusal, or none came.
 */
export async function dataOf<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answerOf(call);
  if (!response.ok) {
    throw problemOf(error, response.status);
  }
  // A 204 has no data, and the calls that end in one have no type for it either.
  return data as T;
}

/** An answer, whatever it says. @throws {Problem} none came. */
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await call;
  } catch (failure) {
    throw problemOfFailure(failure);
  }
}

/** Does a command again while the server asks for patience; safe for whatever carries an idempotency key. */
export async function patiently<T>(command: () => Promise<Answer<T>>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const { data, error, response } = await answerOf(command());
    if (response.ok) {
      return data as T;
    }
    const problem = problemOf(error, response.status);
    if (attempt === ATTEMPTS || !asksForPatience(problem)) {
      throw problem;
    }
    const seconds = Number(response.headers.get("Retry-After") ?? 1) || 1;
    await pause(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function asksForPatience(problem: Problem): boolean {
  return problem.status === 503 || problem.status === 429;
}

async function fetchInTime(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await fetch(request, { signal });
    connection.set("online");
    return response;
  } catch (failure) {
    if (failure instanceof TypeError) {
      connection.set("offline");
    }
    throw failure;
  }
}
