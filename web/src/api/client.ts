/** The one way to the API: typed calls that carry the credential and end in data or a Problem. */

import createClient from "openapi-fetch";

import { PLACE } from "../platform/place";
import { parsed } from "../platform/storage";
import { currentToken, endSession } from "../session/session";
import { type Problem, problemOf, problemOfFailure, UNAUTHENTICATED } from "./problem";
import type { paths as ListedPaths } from "./schema";
import { fetchAsAnybody } from "./public-reads";

const ATTEMPTS = 4;
const LONGEST_WAIT_SECONDS = 5;

/** The sign-in on one's own machine alone, which the OpenAPI document does not list. */
interface DeveloperSignIn {
  "/v1/dev/sign-in": {
    post: {
      parameters: { query?: never };
      requestBody: { content: { "application/json": { account: string; roles: "admin"[] } } };
      responses: { 200: { headers: Record<string, unknown>; content: { "application/json": { token: string } } } };
    };
  };
}

/** All that the page calls. */
export type Paths = ListedPaths & DeveloperSignIn;

export const client = createClient<Paths>({ baseUrl: PLACE, fetch: fetchAsAnybody });

client.use({
  onRequest({ request }) {
    const token = currentToken();
    // Whoever signs in while somebody else is signed in shows a credential of their own.
    if (token !== undefined && !request.headers.has("Authorization")) {
      request.headers.set("Authorization", `Bearer ${token}`);
    }
  },
  async onResponse({ request, response }) {
    const sent = request.headers.get("Authorization");
    // A proxy may want a sign-in of its own: only Hunch itself says that a token is good for nothing any more.
    if (response.status === 401 && sent !== null && sent === `Bearer ${currentToken() ?? ""}`) {
      if (problemOf(parsed(await response.clone().text()), response.status).code === UNAUTHENTICATED) {
        endSession("expired");
      }
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
