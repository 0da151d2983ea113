/** A fetch that tries again after a 5xx, a 429 or no answer, with the same idempotency key. */

import { HunchError } from "./errors.js";

export const KEY_HEADER = "Idempotency-Key";
/** POSTs that honour no key: sent again they would do it twice. */
const UNKEYED = /\/v1\/(api-keys|invitations|webhooks|sign-in-links|dev)(\/|$)|\/sign-in-links$/;
/** POSTs that change nothing. */
const READING = /\/quotes$/;

/** How a request is tried again. */
export interface Retries {
  /** How often it is sent at most. */
  attempts: number;
  /** Milliseconds before the second attempt; doubled for each further one, half of it random. */
  pause: number;
  /** Milliseconds that a pause, and a Retry-After, may last; a longer Retry-After is answered as it is. */
  longest: number;
  /** Milliseconds that an answer may take. */
  timeout: number;
  /** Sends a request. */
  fetch: (request: Request) => Promise<Response>;
}

export const RETRIES: Retries = {
  attempts: 5,
  pause: 500,
  longest: 60_000,
  timeout: 30_000,
  fetch: (request) => fetch(request),
};

/** Whether a key makes the request safe to repeat. */
export function takesKey(method: string, path: string): boolean {
  return method === "POST" && !UNKEYED.test(path) && !READING.test(path);
}

/** The response to a request. @throws {HunchError} none came. */
export async function patiently(request: Request, retries: Retries): Promise<Response> {
  const path = new URL(request.url).pathname;
  const isRepeatable = request.method !== "POST" || READING.test(path) || request.headers.has(KEY_HEADER);
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt === retries.attempts;
    const answer = await once(request.clone(), retries);
    if (answer instanceof Response) {
      const wait = patience(answer, attempt, isRepeatable, retries);
      if (isLast || wait === undefined) {
        return answer;
      }
      await answer.body?.cancel();
      await pause(wait);
    } else if (isLast || !isRepeatable || request.signal.aborted) {
      const key = request.headers.get(KEY_HEADER);
      throw new HunchError("unreachable", String(answer), key === null ? {} : { key });
    } else {
      await pause(backoff(attempt, retries));
    }
  }
}

async function once(request: Request, retries: Retries): Promise<unknown> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(retries.timeout)]);
  try {
    return await retries.fetch(new Request(request, { signal }));
  } catch (failure) {
    return failure ?? new Error("no answer");
  }
}

/** How long to wait before the next attempt; undefined where there is to be none. */
function patience(answer: Response, attempt: number, isRepeatable: boolean, retries: Retries): number | undefined {
  if (answer.status !== 429 && !(answer.status >= 500 && isRepeatable)) {
    return undefined;
  }
  const after = answer.headers.get("Retry-After");
  if (after === null || !/^\d+$/.test(after)) {
    return backoff(attempt, retries);
  }
  return Number(after) * 1000 <= retries.longest ? Number(after) * 1000 : undefined;
}

function backoff(attempt: number, retries: Retries): number {
  return Math.min(retries.longest, retries.pause * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}

/** Milliseconds go by. */
export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
